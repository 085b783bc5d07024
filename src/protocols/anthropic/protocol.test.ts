import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, type FaultCode, faults, GatewayError, parseModelId, textOf } from '../../core/index.ts';
import { codeOf, errorOf } from '../protocol.suite.ts';
import { type Outcome, requestId, type Served, serve } from '../served.suite.ts';
import { anthropicProtocol } from './protocol.ts';

const usage = { inputTokens: 11, outputTokens: 7 };
const messageId = `msg_${requestId.replaceAll('-', '')}`;
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'Grüße ' },
  { kind: 'delta', index: 0, text: 'aus \u2028 Köln' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'toolUse', id: 'toolu_1', name: 'look_up' } },
  { kind: 'delta', index: 1, text: '{"city":' },
  { kind: 'delta', index: 1, text: '"Köln"}' },
  { kind: 'blockStop', index: 1 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage },
];

let served: Served | undefined;

async function clientOf(outcome: Outcome): Promise<Anthropic> {
  served = await serve(anthropicProtocol, () => outcome);
  return new Anthropic({ baseURL: `${served.origin}/anthropic`, apiKey: 'k', maxRetries: 0 });
}

afterEach(() => served?.close());

const params = { model: 'demo/model', max_tokens: 64, messages: [{ role: 'user' as const, content: 'hello' }] };

describe('the Anthropic SDK', () => {
  it('gets a message', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { data, request_id, response } = await client.messages.create(params).withResponse();
    expect(data).toMatchObject({
      id: messageId,
      model: 'demo/model',
      stop_reason: 'tool_use',
      content: [
        { type: 'text', text: 'Grüße aus \u2028 Köln' },
        { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: { city: 'Köln' } },
      ],
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    expect(request_id).toBe(requestId);
    expect(response.headers.get('content-type')).toBe('application/json');
    const [request] = served?.seen ?? [];
    expect(request?.parts.map(({ text }) => text)).toEqual(['hello']);
  });

  it('gets the same message as a stream', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const stream = client.messages.stream(params);
    const texts: string[] = [];
    stream.on('text', (text) => texts.push(text));
    expect(await stream.finalMessage()).toMatchObject({
      id: messageId,
      stop_reason: 'tool_use',
      content: [
        { type: 'text', text: 'Grüße aus \u2028 Köln' },
        { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: { city: 'Köln' } },
      ],
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    expect(texts).toEqual(['Grüße ', 'aus \u2028 Köln']);
  });

  it('may send its own message back in the next turn', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { content } = await client.messages.create(params);
    await client.messages.create({
      ...params,
      messages: [
        ...params.messages,
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }] },
      ],
    });
    const read = served?.seen[1];
    if (read?.request.kind !== 'conversation') throw new Error('not a conversation');
    const [, turn] = read.request.messages;
    expect(turn?.content.map(({ kind }) => kind)).toEqual(['text', 'toolUse']);
    const [, call] = turn?.content ?? [];
    expect(call?.kind === 'toolUse' && textOf(read, call.arguments)).toBe('{"city":"Köln"}');
  });

  it('gets a refusal with the policy’s words for a blocked request', async () => {
    const client = await clientOf({ kind: 'blocked', message: 'not here' });
    expect(await client.messages.create(params)).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
      content: [{ type: 'text', text: 'not here' }],
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });

  it('learns of a fault in the middle of a stream', async () => {
    const error = new GatewayError('upstreamUnavailable');
    const client = await clientOf({ kind: 'interrupted', events: events.slice(0, 3), error });
    const seen: string[] = [];
    const failure = await client.messages
      .create({ ...params, stream: true })
      .then(async (stream) => {
        for await (const event of stream) seen.push(event.type);
      })
      .catch((cause: unknown) => cause);
    expect(seen).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
    expect(failure).toBeInstanceOf(Anthropic.APIError);
    expect(failure).toMatchObject({ type: 'overloaded_error', error: { type: 'error', request_id: requestId } });
  });

  it.each([
    ['invalidRequest', Anthropic.BadRequestError, 400, 'invalid_request_error'],
    ['uninspectable', Anthropic.BadRequestError, 400, 'invalid_request_error'],
    ['unauthenticated', Anthropic.AuthenticationError, 401, 'authentication_error'],
    ['signatureMismatch', Anthropic.AuthenticationError, 401, 'authentication_error'],
    ['forbidden', Anthropic.PermissionDeniedError, 403, 'permission_error'],
    ['modelNotFound', Anthropic.NotFoundError, 404, 'not_found_error'],
    ['payloadTooLarge', Anthropic.APIError, 413, 'request_too_large'],
    ['tooManyRequests', Anthropic.RateLimitError, 429, 'rate_limit_error'],
    ['internal', Anthropic.InternalServerError, 500, 'api_error'],
    ['journalUnavailable', Anthropic.APIError, 503, 'api_error'],
    ['upstreamTimeout', Anthropic.APIError, 504, 'timeout_error'],
    ['upstreamUnavailable', Anthropic.APIError, 529, 'overloaded_error'],
  ] as const)('throws for %s what it throws for the API', async (code, type, status, name) => {
    const client = await clientOf({ kind: 'fault', error: new GatewayError(code, { retryAfterSeconds: 1.5 }) });
    const failure: unknown = await client.messages.create(params).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(type);
    expect(failure).toMatchObject({ status, type: name, requestID: requestId, apiMessage: faults[code].message });
    expect(failure instanceof Anthropic.APIError && failure.headers?.get('retry-after')).toBe('2');
  });

  it('does not ask again where a policy refused, though it would by status', async () => {
    served = await serve(anthropicProtocol, () => ({ kind: 'fault', error: new GatewayError('inspectionFailed') }));
    const client = new Anthropic({ baseURL: `${served.origin}/anthropic`, apiKey: 'k', maxRetries: 3 });
    await client.messages.create(params).catch(() => undefined);
    expect(served.seen).toHaveLength(1);
  });

  it('does not sit out a wait that is for a new budget', async () => {
    const error = new GatewayError('tooManyRequests', { retryAfterSeconds: 3600 });
    served = await serve(anthropicProtocol, () => ({ kind: 'fault', error }));
    const client = new Anthropic({ baseURL: `${served.origin}/anthropic`, apiKey: 'k', maxRetries: 3 });
    const failure: unknown = await client.messages.create(params).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(Anthropic.RateLimitError);
    expect(failure instanceof Anthropic.APIError && failure.headers?.get('retry-after')).toBe('3600');
    expect(served.seen).toHaveLength(1);
    const { headers } = anthropicProtocol.fault(
      new GatewayError('tooManyRequests', { retryAfterSeconds: 60 }),
      requestId,
    );
    expect(headers).not.toHaveProperty('x-should-retry');
  });

  it('gets the count of its tokens', async () => {
    const client = await clientOf({ kind: 'answer', events: [{ kind: 'usage', usage }] });
    const { max_tokens: _, ...prompt } = params;
    const { data, request_id, response } = await client.messages
      .countTokens({ ...prompt, system: 'be brief', thinking: { type: 'adaptive' } })
      .withResponse();
    expect(data).toEqual({ input_tokens: 11 });
    expect([request_id, response.headers.get('content-type')]).toEqual([requestId, 'application/json']);
    expect(served?.seen).toMatchObject([
      {
        model: 'demo/model',
        stream: false,
        action: 'CountTokens',
        request: { kind: 'tokenCount', of: { kind: 'conversation', inference: { reasoning: { kind: 'adaptive' } } } },
        parts: [{ text: 'be brief' }, { text: 'hello' }],
      },
    ]);
  });

  it('gets a fault for a count that is blocked, as no count could say so', async () => {
    const client = await clientOf({ kind: 'blocked', message: 'not here' });
    const { max_tokens: _, ...prompt } = params;
    const failure: unknown = await client.messages.countTokens(prompt).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
    expect(failure).toMatchObject({ type: 'invalid_request_error', apiMessage: faults.contentBlocked.message });
  });

  it('may use the betas of what is carried', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const betas = ['extended-cache-ttl-2025-04-11', 'structured-outputs-2025-11-13'];
    await client.beta.messages.create({
      ...params,
      betas,
      output_format: { type: 'json_schema', schema: { type: 'object' } },
    });
    expect(served?.seen[0]?.request).toMatchObject({ inference: { outputFormat: { kind: 'jsonSchema' } } });
    const failure = await client.beta.messages.create({ ...params, betas: ['context-1m-2025-08-07'] }).catch(String);
    expect(failure).toContain('`anthropic-beta` with `context-1m-2025-08-07`');
  });

  it('finds every model page by page, in either direction', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const found: string[] = [];
    for await (const { id } of client.models.list({ limit: 1 })) found.push(id);
    expect(found).toEqual(['amazon.nova-lite-v1:0', 'demo/model']);
    const back: string[] = [];
    for await (const { id } of client.models.list({ limit: 1, before_id: 'demo/model' })) back.push(id);
    expect(back).toEqual(['amazon.nova-lite-v1:0']);
    expect((await client.models.list({ lifecycle: ['retired'] })).data).toEqual([]);
    expect((await client.models.list({ lifecycle: ['active', 'retired'] })).data).toHaveLength(2);
    expect((await client.beta.models.list()).data).toHaveLength(2);
    await expect(client.models.list({ after_id: 'demo/other' })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('lists models and finds one by an id with a slash and a colon', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['amazon.nova-lite-v1:0', 'demo/model']);
    expect(models.hasNextPage()).toBe(false);
    expect(await client.models.retrieve('demo/model')).toMatchObject({
      type: 'model',
      id: 'demo/model',
      created_at: '2023-11-14T22:13:20.123Z',
    });
    expect(await client.models.retrieve('amazon.nova-lite-v1:0')).toMatchObject({ id: 'amazon.nova-lite-v1:0' });
  });
});

describe('the Anthropic protocol', () => {
  const read = (headers: Readonly<Record<string, string>>) =>
    anthropicProtocol.read(
      { kind: 'invoke', operation: 'messages' },
      Buffer.from(JSON.stringify(params)),
      (name) => headers[name],
    );

  it('takes the versions it knows', () => {
    expect(codeOf(() => read({}))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2023-06-01', 'anthropic-beta': '' }))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2026-10-21' }))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2023-01-01' }))).toBe('invalidRequest');
  });

  it('takes betas that change nothing, and no other among them', () => {
    const withBetas = (betas: string) => errorOf(() => read({ 'anthropic-beta': betas }));
    expect(withBetas('effort-2025-11-24')).toBeUndefined();
    expect(withBetas('prompt-caching-2024-07-31, token-counting-2024-11-01,,pdfs-2024-09-25 ')).toBeUndefined();
    for (const [betas, named] of [
      ['pdfs-2024-09-25,context-1m-2025-08-07', 'context-1m-2025-08-07'],
      ['fine-grained-tool-streaming-2025-05-14', 'fine-grained-tool-streaming-2025-05-14'],
      ['PDFS-2024-09-25', '…'],
      ['pdfs-2024-09-25 x', '…'],
      ['4111-1111-1111-1111', '…'],
      ['sk-ant-api03-R2D2C3POR2D2C3POR2D2C3PO', '…'],
      ['jane@example.com', '…'],
    ]) {
      const error = withBetas(betas ?? '');
      expect(error).toMatchObject({ code: 'unsupported' });
      expect(String(error)).toContain(`\`anthropic-beta\` with \`${named}\``);
    }
  });

  it('takes nobody’s word in a header whom a request is of', () => {
    for (const name of ['anthropic-workspace-id', 'anthropic-user-profile-id']) {
      expect(codeOf(() => read({ [name]: 'wrkspc_1' }))).toBe('unsupported');
      expect(codeOf(() => read({ [name]: '' }))).toBeUndefined();
    }
  });

  it('has no other operation', () => {
    expect(
      codeOf(() => anthropicProtocol.read({ kind: 'invoke', operation: 'x' }, Buffer.from('{}'), () => undefined)),
    ).toBe('routeNotFound');
  });

  it('does not stream token counts', () => {
    const body = Buffer.from(JSON.stringify({ model: 'm', messages: params.messages }));
    const count = anthropicProtocol.read({ kind: 'invoke', operation: 'messages.count_tokens' }, body, () => undefined);
    const writer = count.createReply({ requestId, createdAt: 0, model: parseModelId('m') });
    for (const act of [
      () => writer.events([], 0),
      () => writer.end(0),
      () => writer.fault(new GatewayError('internal')),
    ]) {
      expect(codeOf(act)).toBe('internal');
    }
  });

  it('pages models as the API does', () => {
    const models = Array.from({ length: 25 }, (_, index) => parseModelId(`m${index}`));
    const pageOf = (query: string) => {
      const { data, ...rest } = JSON.parse(Buffer.from(anthropicProtocol.models(models, 0, query).body).toString());
      return { ...rest, count: data.length };
    };
    const page = (first: number, last: number, has_more: boolean) => ({
      first_id: `m${first}`,
      last_id: `m${last}`,
      has_more,
      count: last - first + 1,
    });
    expect(pageOf('')).toEqual(page(0, 19, true));
    expect(pageOf('limit=25')).toEqual(page(0, 24, false));
    expect(pageOf('limit=1000')).toEqual(page(0, 24, false));
    expect(pageOf('after_id=m19')).toEqual(page(20, 24, false));
    expect(pageOf('after_id=m3&limit=2')).toEqual(page(4, 5, true));
    expect(pageOf('before_id=m3&limit=2')).toEqual(page(1, 2, true));
    expect(pageOf('before_id=m2&limit=2')).toEqual(page(0, 1, false));
    expect(pageOf('beta=true&X-Amz-Signature=abc&lifecycle[]=active&limit=1')).toEqual(page(0, 0, true));
    const none = { first_id: null, last_id: null, has_more: false, count: 0 };
    expect(pageOf('after_id=m24')).toEqual(none);
    expect(pageOf('before_id=m0')).toEqual(none);
    expect(pageOf('lifecycle%5B%5D=deprecated')).toEqual(none);
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=x',
      'limit=',
      'after_id=other',
      'before_id=',
      'after_id=m1&before_id=m2',
      'lifecycle=new',
      'offset=1',
    ]) {
      expect(
        codeOf(() => anthropicProtocol.models(models, 0, query)),
        query,
      ).toBe('invalidRequest');
    }
    expect(JSON.parse(Buffer.from(anthropicProtocol.models(models, 0).body).toString()).data).toHaveLength(25);
  });

  it('has no models to list where none is configured', () => {
    const { body } = anthropicProtocol.models([], 0);
    expect(JSON.parse(Buffer.from(body).toString())).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
  });

  it('answers every fault with its own error object', () => {
    for (const code of Object.keys(faults) as FaultCode[]) {
      const { status, headers, body } = anthropicProtocol.fault(new GatewayError(code), requestId);
      const error = JSON.parse(Buffer.from(body).toString());
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'request-id': requestId });
      expect(error).toEqual({
        type: 'error',
        error: { type: expect.stringMatching(/^[a-z_]+$/), message: faults[code].message },
        request_id: requestId,
      });
    }
  });
});
