import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthorizer } from '../access/index.ts';
import { demoConfigText, parseConfig } from '../config/index.ts';
import { type Caller, GatewayError, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../protocols/index.ts';
import { createMetrics, type LogFields, type Logger } from '../telemetry/index.ts';
import { createAdminPort } from './admin-port.ts';
import { createDataPort, type DataPortOptions } from './data-port.ts';
import { NOVA, send } from './gateway.suite.ts';
import type { Port } from './http/port.ts';

const config = parseConfig(demoConfigText, { path: 'demo.yaml' });
const authorizer = createAuthorizer(config);
const caller: Caller = {
  tenant: parseTenantId('demo'),
  principal: parsePrincipalId('developer'),
  credentialId: 'k1',
  credentialKind: 'apiKey',
};
const limits = { ...config.limits, bodyTimeoutMs: 10_000 };

const metrics = await createMetrics();
const sound = { isJournalAvailable: true, isLogBehind: false, isLogWritten: true };
const recordState = () => sound;
const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close(0)));
});

type LogEvent = Parameters<Logger['info']>[0];

interface Line extends LogFields {
  readonly event: LogEvent;
}

/** A data port whose parts say what a test lets them say. */
async function serve(options: Partial<DataPortOptions> = {}) {
  const lines: Line[] = [];
  const log = (event: LogEvent, fields: LogFields = {}) => void lines.push({ event, ...fields });
  const port = createDataPort({
    clock: { now: () => 1_764_000_000_000 },
    logger: { info: log, warn: log, error: log, flush: () => undefined, close: () => undefined },
    authenticator: { begin: async () => ({ complete: async () => caller }) },
    authorizer,
    journal: { append: async () => ({ leafHash: new Uint8Array(32) }), isAvailable: () => true, close: async () => {} },
    models: new Map(config.models.map((model) => [model.id, model])),
    protocols: [bedrockProtocol, openaiProtocol, anthropicProtocol],
    pass: () => Promise.reject(new GatewayError('upstreamFailed')),
    assess: () => Promise.reject(new GatewayError('guardrailNotFound')),
    limits,
    loopbackOnly: false,
    phase: () => 'serving',
    metrics,
    recordState,
    ...options,
  });
  ports.push(port);
  return { endpoint: `http://127.0.0.1:${await port.listen(0, '127.0.0.1')}`, lines };
}

const calls = {
  bedrock: { path: `/model/${NOVA}/converse`, body: { messages: [{ role: 'user', content: [{ text: 'hi' }] }] } },
  openai: { path: '/openai/v1/chat/completions', body: { model: NOVA, messages: [{ role: 'user', content: 'hi' }] } },
  anthropic: {
    path: '/anthropic/v1/messages',
    body: { model: NOVA, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
  },
};
const lost = { append: () => Promise.reject(new GatewayError('journalUnavailable')), isAvailable: () => false };

describe.each(Object.entries(calls))('the data port, asked by %s', (name, call) => {
  it('refuses everything while the journal takes no records', async () => {
    const { endpoint, lines } = await serve({
      journal: { ...lost, close: async () => {} },
      recordState: () => ({ ...sound, isJournalAvailable: false }),
    });
    const answer = await send(endpoint, call);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('The request cannot be recorded, so it is refused.');
    expect(lines).toMatchObject([{ event: 'request', outcome: 'refused', code: 'journalUnavailable', status: 503 }]);
    expect((await send(endpoint, { path: '/readyz' })).text).toBe('journal unavailable\n');
    expect((await send(endpoint, { path: '/healthz' })).status).toBe(200);
  });

  it('takes the trace of its caller into the log line and on to the model, and answers with nothing of it', async () => {
    const passed: (string | undefined)[] = [];
    const pass: DataPortOptions['pass'] = ({ traceparent }) => {
      passed.push(traceparent);
      return Promise.reject(new GatewayError('upstreamFailed'));
    };
    const { endpoint, lines } = await serve({ pass });
    const trace = 'a'.repeat(32);
    const headers = { traceparent: `00-${trace}-${'b'.repeat(16)}-01` };
    const answer = await send(endpoint, { ...call, headers });
    await send(endpoint, { ...call, headers: { traceparent: `00-${trace}-smuggled-01` } });
    expect(passed).toEqual([expect.stringMatching(new RegExp(`^00-${trace}-(?!b{16})[0-9a-f]{16}-01$`)), undefined]);
    expect(lines.map(({ traceId }) => traceId)).toEqual([trace, undefined]);
    expect(JSON.stringify([answer.headers, answer.text])).not.toContain(trace);
  });

  it('refuses what comes while it closes', async () => {
    const { endpoint } = await serve({ phase: () => 'closing' });
    const status = name === 'anthropic' ? 529 : 503;
    expect(await send(endpoint, call)).toMatchObject({ status, text: expect.stringMatching(/shutting down/) });
    expect(await send(endpoint, { path: '/readyz' })).toMatchObject({ status: 503, text: 'shutting down\n' });
  });

  it('tells the caller of a defect nothing but the request id, and the log its classes', async () => {
    const pass = () => Promise.reject(new TypeError('the prompt was: my secret'));
    const { endpoint, lines } = await serve({ pass });
    const answer = await send(endpoint, call);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(lines.map(({ event }) => event)).toEqual(['internal fault', 'request']);
    expect(lines[0]).toMatchObject({ requestId: answer.headers['x-sallyport-request-id'], cause: 'TypeError' });
    expect(lines[1]).toMatchObject({ protocol: name, code: 'internal', status: 500, model: NOVA });
  });

  it('asks for the credential before it looks at path, body or model', async () => {
    const begin = () => Promise.reject(new GatewayError('unauthenticated'));
    const { endpoint } = await serve({ authenticator: { begin } });
    const status = name === 'bedrock' ? 403 : 401;
    expect((await send(endpoint, call)).status).toBe(status);
    expect((await send(endpoint, { ...call, body: 'no json' })).status).toBe(status);
    expect((await send(endpoint, { ...call, path: `${call.path}/unknown` })).status).toBe(status);
  });
});

const waiting: DataPortOptions['authenticator'] = { begin: async () => ({ complete: async () => caller }) };
const verified: DataPortOptions['authenticator'] = {
  begin: async () => ({ isVerified: true, complete: async () => caller }),
};

/** A connection that has sent a head and the begin of a body, and what has come back over it. */
function beginBody(endpoint: string, headers: string, body = '') {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.write(`POST ${calls.openai.path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n${body}`);
  return { socket, answer: () => answer };
}

describe('bodies whose sender is not known yet', () => {
  const tight = { ...limits, maxUnverifiedBytes: 1_000, maxUnverifiedBytesPerSource: 600 };
  const half = (endpoint: string) => beginBody(endpoint, 'content-length: 500', 'x'.repeat(499));
  const big = { ...calls.openai, body: 'x'.repeat(500) };

  it.each([
    ['bedrock', calls.bedrock.path, 429, 'ThrottlingException'],
    ['openai', calls.openai.path, 429, 'rate_limit_exceeded'],
    ['anthropic', calls.anthropic.path, 429, 'rate_limit_error'],
  ])(
    'are bounded for a source, and refused in the shape of %s with a time to come again',
    async (_name, path, status, type) => {
      const { endpoint, lines } = await serve({ authenticator: waiting, limits: tight });
      const { socket } = half(endpoint);
      await expect.poll(() => send(endpoint, { ...big, path }).then((answer) => answer.status)).toBe(status);
      const answer = await send(endpoint, { ...big, path });
      expect(answer.headers['retry-after']).toBe('1');
      expect(`${answer.headers['x-amzn-errortype']} ${answer.text}`).toContain(type);
      expect(lines.at(-1)).toMatchObject({ code: 'throttled', outcome: 'refused' });
      socket.destroy();
      await expect.poll(() => send(endpoint, { ...big, path }).then((one) => one.status)).toBe(400);
    },
  );

  it('are bounded for all sources', async () => {
    const { endpoint } = await serve({
      authenticator: waiting,
      limits: { ...tight, maxUnverifiedBytesPerSource: 9_999 },
    });
    const held = [half(endpoint), half(endpoint)];
    await expect.poll(() => send(endpoint, big).then(({ status }) => status)).toBe(503);
    expect((await send(endpoint, { ...big, path: calls.anthropic.path })).status).toBe(529);
    for (const { socket } of held) socket.destroy();
  });

  it('are given back once the credential is known, whatever came of it', async () => {
    const complete = () => Promise.reject(new GatewayError('signatureMismatch'));
    const { endpoint } = await serve({ authenticator: { begin: async () => ({ complete }) }, limits: tight });
    for (let at = 0; at < 5; at += 1) expect((await send(endpoint, big)).status).toBe(401);
  });

  it('are not those of a caller whose key was verified before', async () => {
    const { endpoint } = await serve({ authenticator: verified, limits: tight });
    const { socket } = half(endpoint);
    await pause(50);
    expect((await send(endpoint, { ...big, body: 'x'.repeat(5_000) })).status).toBe(400);
    socket.destroy();
  });
});

describe('a body that waits to be asked for', () => {
  const expecting = 'content-length: 2\r\nexpect: 100-continue';

  it('is asked for when its credential has been looked at', async () => {
    const { endpoint } = await serve();
    const { socket, answer } = beginBody(endpoint, expecting);
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 100 Continue/);
    socket.write('{}');
    await expect.poll(answer).toMatch(/HTTP\/1\.1 400 /);
    socket.destroy();
  });

  it('is not asked for where the credential or the size is refused', async () => {
    const refusing = { begin: () => Promise.reject(new GatewayError('unauthenticated')) };
    const { endpoint } = await serve({ authenticator: refusing });
    const refused = beginBody(endpoint, expecting);
    await expect.poll(refused.answer).toMatch(/^HTTP\/1\.1 401 /);
    const session = connectHttp2(endpoint);
    const stream = session.request({ ':method': 'POST', ':path': calls.openai.path, expect: '100-continue' });
    let isInvited = false;
    stream.on('continue', () => {
      isInvited = true;
    });
    const [answer] = await once(stream, 'response');
    expect([answer[':status'], isInvited]).toEqual([401, false]);
    session.close();
    const small = await serve({ limits: { ...limits, maxBodyBytes: 1 } });
    const large = beginBody(small.endpoint, expecting);
    await expect.poll(large.answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is asked for over HTTP/2, too', async () => {
    const { endpoint } = await serve();
    const session = connectHttp2(endpoint);
    const headers = { ':method': 'POST', ':path': calls.openai.path, expect: '100-continue' };
    const stream = session.request(headers);
    await once(stream, 'continue');
    stream.end('{}');
    const [answer] = await once(stream, 'response');
    expect(answer[':status']).toBe(400);
    session.close();
  });
});

describe('the data port', () => {
  it('refuses a head of too many headers, or of too many bytes over HTTP/2, before it looks at the credential', async () => {
    const begin = () => Promise.reject(new GatewayError('unauthenticated'));
    const { endpoint } = await serve({ authenticator: { begin }, limits: { ...limits, maxHeaders: 16 } });
    const headers = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`x-${at}`, 'y']));
    expect(await send(endpoint, { ...calls.openai, headers })).toMatchObject({
      status: 400,
      text: expect.stringContaining('more than 16 headers'),
    });
    const session = connectHttp2(endpoint, { settings: { maxHeaderListSize: 65_535 } });
    const large = { ':path': '/', a: 'y'.repeat(9_000), b: 'y'.repeat(9_000) };
    const [answer] = await once(session.request(large), 'response');
    expect(answer[':status']).toBe(400);
    session.close();
  });

  it('still serves what comes while it drains, although it is not ready any more', async () => {
    const { endpoint } = await serve({ phase: () => 'draining' });
    expect((await send(endpoint, calls.openai)).status).toBe(502);
    expect(await send(endpoint, { path: '/readyz' })).toMatchObject({ status: 503, text: 'shutting down\n' });
  });

  it('logs what a passage found and used, and no text', async () => {
    const { endpoint, lines } = await serve({
      pass: async () => ({
        outcome: 'complete',
        reply: { status: 200, headers: {}, body: Buffer.from('{}') },
        findings: { EMAIL: 2 },
        usage: { inputTokens: 1, outputTokens: 4 },
        bytesOut: 2,
      }),
    });
    expect((await send(endpoint, calls.openai)).status).toBe(200);
    expect(lines[0]).toMatchObject({
      outcome: 'complete',
      status: 200,
      findings: { EMAIL: 2 },
      inputTokens: 1,
      outputTokens: 4,
      bytesIn: JSON.stringify(calls.openai.body).length,
      bytesOut: 2,
    });
  });

  it('comes to an end with a client that left while its credential was looked up, over either version', async () => {
    const begin = async () => {
      await pause(60);
      return { complete: async () => caller };
    };
    const { endpoint, lines } = await serve({ authenticator: { begin } });
    const session = connectHttp2(endpoint);
    const stream = session.request({ ':method': 'POST', ':path': calls.openai.path });
    stream.on('error', () => undefined);
    await once(session, 'connect');
    await pause(20);
    stream.close(8);
    await expect.poll(() => lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ code: 'clientClosed', outcome: 'refused' });
    session.close();
    const aborted = fetch(`${endpoint}${calls.openai.path}`, {
      method: 'POST',
      body: 'x',
      signal: AbortSignal.timeout(20),
    });
    await expect(aborted).rejects.toThrow();
    await expect.poll(() => lines.length).toBe(2);
    expect(lines[1]).toMatchObject({ code: 'clientClosed' });
  });

  it('comes to an end with an HTTP/2 client that left before it was refused', async () => {
    const pass = async () => {
      await pause(60);
      throw new GatewayError('upstreamFailed');
    };
    const { endpoint, lines } = await serve({ pass });
    const session = connectHttp2(endpoint);
    const stream = session.request({ ':method': 'POST', ':path': calls.openai.path });
    stream.on('error', () => undefined);
    stream.end(JSON.stringify(calls.openai.body));
    await once(session, 'connect');
    await pause(30);
    stream.close(8);
    await expect.poll(() => lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ code: 'upstreamFailed' });
    session.close();
  });
});

describe('the admin port', () => {
  it('answers for names of other machines only where it is not bound to loopback', async () => {
    const port = createAdminPort({ recordState, metrics, isReady: () => true, limits, loopbackOnly: false });
    ports.push(port);
    const endpoint = `http://127.0.0.1:${await port.listen(0, '127.0.0.1')}`;
    const sent = { path: '/healthz', headers: { host: 'gateway.example' } };
    expect((await send(endpoint, sent)).status).toBe(200);
    expect((await send(endpoint, { ...sent, method: 'HEAD' })).status).toBe(404);
  });
});
