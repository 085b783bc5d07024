import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, type FaultCode, faults, GatewayError, textOf } from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { type Outcome, requestId, type Served, serve } from '../served.suite.ts';
import { anthropicProtocol } from './protocol.ts';

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
  { kind: 'usage', usage: { inputTokens: 11, outputTokens: 7 } },
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

  it('takes the versions it knows, and no betas', () => {
    expect(codeOf(() => read({}))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2023-06-01', 'anthropic-beta': '' }))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2026-10-21' }))).toBeUndefined();
    expect(codeOf(() => read({ 'anthropic-version': '2023-01-01' }))).toBe('invalidRequest');
    expect(codeOf(() => read({ 'anthropic-beta': 'files-api-2025-04-14' }))).toBe('unsupported');
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
