import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaGateway, startLambdaGateway } from '../../../test/gateway/front-door.ts';
import { parseRequestId } from '../../core/index.ts';
import { createLogger } from '../../telemetry/index.ts';
import { openAdministration } from '../administration.ts';
import { NOVA, removeTemporaryDirectories, send, temporaryDirectory } from '../gateway.suite.ts';
import { loadSetup } from '../setup.ts';
import { createLambdaHandler, type LambdaHandler } from './handler.ts';

const CARD = '4111 1111 1111 1111';
const say = (text: string) => ({ messages: [{ role: 'user', content: [{ text }] }] });

const gateways: LambdaGateway[] = [];
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway[Symbol.asyncDispose]()));
  removeTemporaryDirectories();
});

async function start(...given: Parameters<typeof startLambdaGateway>): Promise<LambdaGateway> {
  const gateway = await startLambdaGateway(...given);
  gateways.push(gateway);
  return gateway;
}

interface Asked {
  readonly text?: string;
  readonly operation?: 'converse' | 'converse-stream';
  readonly headers?: Readonly<Record<string, string>>;
}

/** A signature that API Gateway takes; of it the gateway sees what the authorizer says. */
const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/execute-api/aws4_request' };

function converse(gateway: LambdaGateway, { text = 'hi', operation = 'converse', headers }: Asked = {}) {
  const authorization = `Bearer ${gateway.demo.principals.developer?.apiKey}`;
  const { endpoint } = gateway.lambdaDoor;
  const path = `${new URL(endpoint).pathname.replace(/\/$/, '')}/model/${encodeURIComponent(NOVA)}/${operation}`;
  return send(endpoint, {
    path,
    body: say(text),
    headers: headers ?? { authorization, 'content-type': 'application/json' },
  });
}

/** The last line that the log has of a request. */
function lastLine({ logFile }: LambdaGateway): Readonly<Record<string, unknown>> {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  return JSON.parse(lines.findLast((line) => line.includes('"event":"request"')) ?? '{}');
}

/** What the record has of a request: kinds, statuses and codes. */
async function recorded({ configFile, dataDirectory }: LambdaGateway, requestId: unknown) {
  await using administration = await openAdministration({ configFile, dataDirectory });
  const found = await administration.audit.find(parseRequestId(String(requestId)));
  return found.map(({ record }) =>
    record?.kind === 'response' ? `${record.status} ${record.code ?? ''}` : record?.kind,
  );
}

/** Leaves a stream after its first bytes. */
async function leave(gateway: LambdaGateway, text: string): Promise<void> {
  const { endpoint } = gateway.lambdaDoor;
  const sent = httpRequest(`${endpoint}/model/${NOVA}/converse-stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` },
    agent: false,
  });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(say(text)));
  const [response] = await once(sent, 'response');
  await once(response, 'data');
  sent.destroy();
}

describe('the handler behind a REST API that streams', () => {
  let gateway: LambdaGateway;
  beforeAll(async () => {
    gateway = await start({ kind: 'rest', door: '{ kind: rest }' });
  });

  it('tells of a client that leaves, cancels its model call and records it as interrupted', async () => {
    await leave(gateway, 'sim:stream 2000x10ms');
    await gateway.lambdaDoor.idle();
    const { requestId, outcome, status, durationMs } = lastLine(gateway);
    expect({ outcome, status }).toEqual({ outcome: 'interrupted', status: 499 });
    expect(durationMs).toBeLessThan(5_000);
    expect((await recorded(gateway, requestId)).at(-1)).toBe('interrupted clientClosed');
  });

  it('takes an answer to its end where the runtime does not tell', async () => {
    gateway.lambdaDoor.set({ tellsOfLeaving: false });
    await leave(gateway, 'sim:stream 20x10ms');
    await gateway.lambdaDoor.idle();
    gateway.lambdaDoor.set({ tellsOfLeaving: true });
    const { requestId, outcome } = lastLine(gateway);
    expect(outcome).toBe('complete');
    expect((await recorded(gateway, requestId)).at(-1)).toBe('complete ');
  });

  it('gives a late model up in time to record and to say so, buffered and in the middle of a stream', async () => {
    gateway.lambdaDoor.set({ timeoutMs: 4_600 });
    const whole = await converse(gateway, { text: 'sim:timeout' });
    expect(whole.status).toBe(408);
    expect(whole.headers['x-amzn-errortype']).toContain('ModelTimeoutException');
    const { requestId, code } = lastLine(gateway);
    expect(code).toBe('upstreamTimeout');
    expect((await recorded(gateway, requestId)).at(-1)).toBe('failed upstreamTimeout');
    const streamed = await converse(gateway, { text: 'sim:stream 2000x10ms', operation: 'converse-stream' });
    gateway.lambdaDoor.set({ timeoutMs: 60_000 });
    expect(streamed.status).toBe(200);
    expect(streamed.text).toContain('odel');
    expect(lastLine(gateway)).toMatchObject({ outcome: 'failed', code: 'upstreamTimeout' });
  });

  it('cuts off a client that does not take its answer by the end of the invocation', async () => {
    gateway.lambdaDoor.set({ timeoutMs: 4_600, stalls: true });
    const answer = converse(gateway, { text: 'sim:stream 2000x10ms', operation: 'converse-stream' });
    await expect(answer).rejects.toThrow();
    await gateway.lambdaDoor.idle();
    gateway.lambdaDoor.set({ timeoutMs: 60_000, stalls: false });
    expect(lastLine(gateway)).toMatchObject({ outcome: 'interrupted', code: 'clientClosed' });
  });

  it('believes no authorizer that nobody has declared', async () => {
    gateway.lambdaDoor.set({ iam: { userArn: 'arn:aws:sts::1:assumed-role/app/a', accountId: '1' } });
    expect((await converse(gateway, { headers: SIGNED })).status).toBe(403);
    expect(lastLine(gateway)).toMatchObject({ outcome: 'refused', code: 'unauthenticated' });
    gateway.lambdaDoor.set({ iam: undefined as never });
  });

  it('refuses two credentials', async () => {
    const headers = { authorization: 'Bearer a', 'x-api-key': 'b' };
    expect((await converse(gateway, { headers })).status).toBe(403);
    expect(lastLine(gateway).code).toBe('ambiguousCredentials');
  });

  it("refuses a body beyond the door's in the form of each protocol", async () => {
    const body = 'x'.repeat(4_700_000);
    const { endpoint, principals } = { ...gateway.demo, endpoint: gateway.lambdaDoor.endpoint };
    const headers = { authorization: `Bearer ${principals.developer?.apiKey}`, 'content-type': 'application/json' };
    const bedrock = await send(endpoint, { path: `/prod/model/${NOVA}/converse`, body, headers });
    expect([bedrock.status, bedrock.headers['x-amzn-errortype']]).toEqual([413, 'RequestEntityTooLargeException']);
    const openai = await send(endpoint, { path: '/prod/openai/v1/chat/completions', body, headers });
    expect([openai.status, JSON.parse(openai.text).error.type]).toEqual([413, 'invalid_request_error']);
    const anthropic = await send(endpoint, { path: '/prod/anthropic/v1/messages', body, headers });
    expect([anthropic.status, JSON.parse(anthropic.text).error.type]).toEqual([413, 'request_too_large']);
    const more = await send(endpoint, { path: `/prod/model/${NOVA}/converse`, body: 'x'.repeat(5_000_000), headers });
    // From there on the request does not reach the function.
    expect([more.status, JSON.parse(more.text)]).toEqual([413, { message: 'Request Too Long' }]);
  });

  it('answers for health, and for paths that nobody has', async () => {
    expect((await send(gateway.lambdaDoor.endpoint, { path: '/prod/readyz' })).text).toMatch(/^ready/);
    expect((await send(gateway.lambdaDoor.endpoint, { path: '/prod/..%2freadyz' })).status).toBe(403);
    expect((await send(gateway.lambdaDoor.endpoint, { path: '/prod/%252e%252e/readyz' })).status).toBe(403);
  });
});

describe('the handler behind a REST API with an IAM authorizer', () => {
  it('takes its callers from there alone, in either transfer mode', async () => {
    const role = join(temporaryDirectory(), 'role');
    writeFileSync(role, 'arn:aws:iam::111122223333:role/app');
    const mapped = `principals: [{ role: { file: ${role} }, tenant: demo, principal: developer }]`;
    const iam = { userArn: 'arn:aws:sts::111122223333:assumed-role/app/i-1', accountId: '111122223333' };
    for (const transfer of ['stream', 'buffered']) {
      const door = `{ kind: rest-iam, transfer: ${transfer}, ${mapped} }`;
      const gateway = await start({ kind: 'rest', door, iam });
      expect((await converse(gateway, { text: CARD, headers: SIGNED })).text).toContain('{CREDIT_DEBIT_CARD_NUMBER}');
      expect(lastLine(gateway)).toMatchObject({
        tenant: 'demo',
        principal: 'developer',
        credentialId: expect.any(String),
      });
      gateway.lambdaDoor.set({ iam: { ...iam, userArn: 'arn:aws:sts::111122223333:assumed-role/other/i-1' } });
      expect((await converse(gateway, { headers: SIGNED })).status).toBe(403);
      expect(lastLine(gateway).code).toBe('unauthenticated');
    }
  });
});

describe('the handler behind a load balancer', () => {
  it('gives streams back whole, and refuses and records what does not fit', async () => {
    const gateway = await start({ kind: 'alb', door: '{ kind: alb }', headerLists: true });
    const streamed = await converse(gateway, { text: CARD, operation: 'converse-stream' });
    expect(streamed.headers['content-type']).toBe('application/vnd.amazon.eventstream');
    expect(streamed.text).toContain('CREDIT_DEBIT_CARD_NUMBER');
    const whole = await converse(gateway, { text: 'sim:long 250000' });
    expect([whole.status, whole.headers['x-amzn-errortype']]).toEqual([413, 'RequestEntityTooLargeException']);
    expect(lastLine(gateway)).toMatchObject({ outcome: 'refused', code: 'answerTooLarge' });
    expect((await recorded(gateway, lastLine(gateway).requestId)).at(-1)).toBe('failed answerTooLarge');
    const long = await converse(gateway, { text: 'sim:long 250000', operation: 'converse-stream' });
    expect(long.text).toContain('larger than this front door');
    expect(lastLine(gateway)).toMatchObject({ outcome: 'failed', code: 'answerTooLarge' });
  });
});

describe('an instance', () => {
  const metrics = {
    requestBegun: () => undefined,
    requestEnded: () => undefined,
    watchRecord: () => undefined,
    flush: () => undefined,
  };
  const context = { getRemainingTimeInMillis: () => 60_000 };

  async function buffered(
    config: string,
    directory: string,
  ): Promise<Extract<LambdaHandler, { transfer: 'buffered' }>> {
    const configFile = join(directory, 'sallyport.yaml');
    const { demoConfigText } = await import('../../config/index.ts');
    writeFileSync(configFile, `${demoConfigText}\n${config}`);
    const setup = await loadSetup({ configFile, dataDirectory: join(directory, 'data') });
    const handler = createLambdaHandler({
      ...setup,
      logger: createLogger({ destination: join(directory, 'log') }),
      metrics,
    });
    if (handler.transfer !== 'buffered') throw new Error('a buffered one was meant');
    return handler;
  }

  const event = {
    httpMethod: 'GET',
    path: '/readyz',
    headers: {},
    body: '',
    isBase64Encoded: false,
    requestContext: { elb: { targetGroupArn: 'a' } },
  };

  it('that does not open refuses, in the form of the protocol, and opens at a later call', async () => {
    const directory = temporaryDirectory();
    const handler = await buffered('frontDoor: { kind: alb }', directory);
    writeFileSync(join(directory, 'data'), 'a file in the place of the directory');
    const asked = { ...event, path: '/anthropic/v1/models' };
    const refused = await handler.handle(asked, context);
    expect([refused.statusCode, JSON.parse(refused.body).error.type]).toEqual([503, 'api_error']);
    expect(readFileSync(join(directory, 'log'), 'utf8')).toContain('StartError');
    rmSync(join(directory, 'data'));
    expect(await handler.handle(event, context)).toMatchObject({
      statusCode: 200,
      body: expect.stringMatching(/^ready/),
    });
    await handler.close();
  });

  it('that does not open in time refuses, and the invocation is over in time', async () => {
    const directory = temporaryDirectory();
    const logFile = join(directory, 'log');
    const configFile = join(directory, 'sallyport.yaml');
    const { demoConfigText } = await import('../../config/index.ts');
    writeFileSync(configFile, `${demoConfigText}\nfrontDoor: { kind: alb }`);
    const setup = await loadSetup({ configFile, dataDirectory: join(directory, 'data') });
    const opening = Promise.withResolvers<never>();
    const logger = createLogger({ destination: logFile });
    const handler = createLambdaHandler({ ...setup, logger, metrics, open: () => opening.promise });
    if (handler.transfer !== 'buffered') throw new Error('a buffered one was meant');
    const begun = performance.now();
    const late = await handler.handle(event, { getRemainingTimeInMillis: () => 1_700 });
    expect(performance.now() - begun).toBeLessThan(1_700);
    expect([late.statusCode, late.headers?.['x-amzn-errortype']]).toEqual([503, 'ServiceUnavailableException']);
    expect(readFileSync(logFile, 'utf8')).toContain('invocation out of time');
    opening.reject(new Error('at last'));
  });

  it('rejects events of another door', async () => {
    const handler = await buffered('frontDoor: { kind: http-api }', temporaryDirectory());
    await expect(handler.handle(event, context)).rejects.toThrow('not an event of an HTTP API');
  });

  it('of ports is none', async () => {
    await expect(buffered('frontDoor: { kind: port }', temporaryDirectory())).rejects.toThrow(
      '`frontDoor.kind` is `port`',
    );
  });
});
