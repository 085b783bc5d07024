import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, faults, GatewayError, textOf } from '../../core/index.ts';
import { type Outcome, requestId, type Served, serve } from '../served.suite.ts';
import { openaiProtocol } from './protocol.ts';

const completionId = `chatcmpl-${requestId.replaceAll('-', '')}`;
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'Grüße ' },
  { kind: 'delta', index: 0, text: 'aus \u2028 Köln' },
  { kind: 'blockStop', index: 0 },
  { kind: 'blockStart', index: 1, block: { kind: 'toolUse', id: 'call_1', name: 'look_up' } },
  { kind: 'delta', index: 1, text: '{"city":' },
  { kind: 'delta', index: 1, text: '"Köln"}' },
  { kind: 'blockStop', index: 1 },
  { kind: 'blockStart', index: 2, block: { kind: 'toolUse', id: 'call_2', name: 'now' } },
  { kind: 'blockStop', index: 2 },
  { kind: 'stop', reason: 'toolUse' },
  { kind: 'usage', usage: { inputTokens: 11, outputTokens: 7, cacheReadInputTokens: 3 } },
];

let served: Served | undefined;

async function clientOf(outcome: Outcome): Promise<OpenAI> {
  served = await serve(openaiProtocol, () => outcome);
  return new OpenAI({ baseURL: `${served.origin}/openai/v1`, apiKey: 'k', maxRetries: 0 });
}

afterEach(() => served?.close());

const params = { model: 'demo/model', messages: [{ role: 'user' as const, content: 'hello' }] };
const calls = [
  { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Köln"}' } },
  { id: 'call_2', type: 'function', function: { name: 'now', arguments: '{}' } },
];

describe('the OpenAI SDK', () => {
  it('gets a completion', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { data, request_id, response } = await client.chat.completions.create(params).withResponse();
    expect(data).toEqual({
      id: completionId,
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'demo/model',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Grüße aus \u2028 Köln', refusal: null, tool_calls: calls },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 14,
        completion_tokens: 7,
        total_tokens: 21,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(request_id).toBe(requestId);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(served?.seen[0]?.parts.map(({ text }) => text)).toEqual(['hello']);
  });

  it('gets the same completion as a stream', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const stream = client.chat.completions.stream({ ...params, stream_options: { include_usage: true } });
    expect(await stream.finalChatCompletion()).toMatchObject({
      id: completionId,
      choices: [{ message: { content: 'Grüße aus \u2028 Köln', tool_calls: calls }, finish_reason: 'tool_calls' }],
      usage: { total_tokens: 21 },
    });
  });

  it.each([
    [true, [null, 21]],
    [false, [undefined]],
  ])('gets token counts in a stream when it asks for them (%s)', async (include_usage, totals) => {
    const client = await clientOf({ kind: 'answer', events });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await client.chat.completions.create({
      ...params,
      stream: true,
      stream_options: { include_usage },
    })) {
      chunks.push(chunk);
    }
    expect([...new Set(chunks.map(({ usage }) => (usage ? usage.total_tokens : usage)))]).toEqual(totals);
    expect(chunks.filter(({ choices }) => choices.length === 0)).toHaveLength(include_usage ? 1 : 0);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])).toEqual([
      { index: 0, id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '' } },
      { index: 0, function: { arguments: '{"city":' } },
      { index: 0, function: { arguments: '"Köln"}' } },
      { index: 1, id: 'call_2', type: 'function', function: { name: 'now', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ]);
  });

  it('may send its own message back in the next turn', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const { choices } = await client.chat.completions.create(params);
    const message = choices[0]?.message;
    if (message === undefined) throw new Error('no message');
    await client.chat.completions.create({
      ...params,
      messages: [...params.messages, message, { role: 'tool', tool_call_id: 'call_1', content: 'sunny' }],
    });
    const read = served?.seen[1];
    if (read?.request.kind !== 'conversation') throw new Error('not a conversation');
    const [, call] = read.request.messages[1]?.content ?? [];
    expect(call?.kind === 'toolUse' && textOf(read, call.arguments)).toBe('{"city":"Köln"}');
  });

  it('gets the policy’s words and `content_filter` for a blocked request', async () => {
    const client = await clientOf({ kind: 'blocked', message: 'not here' });
    const { choices, usage } = await client.chat.completions.create(params);
    expect(choices).toMatchObject([{ message: { content: 'not here' }, finish_reason: 'content_filter' }]);
    expect(usage).toMatchObject({ total_tokens: 0 });
  });

  it('learns of a fault in the middle of a stream', async () => {
    const error = new GatewayError('upstreamInterrupted');
    const client = await clientOf({ kind: 'interrupted', events: events.slice(0, 3), error });
    const seen: (string | null | undefined)[] = [];
    const failure = await client.chat.completions
      .create({ ...params, stream: true })
      .then(async (stream) => {
        for await (const { choices } of stream) seen.push(choices[0]?.delta.content);
      })
      .catch((cause: unknown) => cause);
    expect(seen).toEqual(['', 'Grüße ']);
    expect(failure).toBeInstanceOf(OpenAI.APIError);
    expect(failure).toMatchObject({ type: 'server_error', error: { message: faults.upstreamInterrupted.message } });
  });

  it.each([
    ['invalidRequest', OpenAI.BadRequestError, 400, 'invalid_request_error', null],
    ['uninspectable', OpenAI.BadRequestError, 400, 'invalid_request_error', 'uninspectable_content'],
    ['unauthenticated', OpenAI.AuthenticationError, 401, 'authentication_error', 'invalid_api_key'],
    ['signatureExpired', OpenAI.AuthenticationError, 401, 'authentication_error', 'invalid_api_key'],
    ['forbidden', OpenAI.PermissionDeniedError, 403, 'permission_error', null],
    ['modelNotFound', OpenAI.NotFoundError, 404, 'invalid_request_error', 'model_not_found'],
    ['tooManyRequests', OpenAI.RateLimitError, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['internal', OpenAI.InternalServerError, 500, 'server_error', null],
    ['journalUnavailable', OpenAI.InternalServerError, 503, 'server_error', null],
    ['upstreamTimeout', OpenAI.InternalServerError, 504, 'server_error', null],
  ] as const)('throws for %s what it throws for the API', async (code, type, status, kind, name) => {
    const client = await clientOf({ kind: 'fault', error: new GatewayError(code, { retryAfterSeconds: 1.5 }) });
    const failure: unknown = await client.chat.completions.create(params).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(type);
    expect(failure).toMatchObject({ status, type: kind, code: name, param: null, requestID: requestId });
    expect(failure instanceof OpenAI.APIError && failure.headers?.get('retry-after')).toBe('2');
  });

  it('does not ask again where a policy refused, and does where another replica may serve', async () => {
    for (const [code, requests] of [
      ['inspectionFailed', 1],
      ['journalUnavailable', 2],
    ] as const) {
      const error = new GatewayError(code, { retryAfterSeconds: 0.001 });
      served = await serve(openaiProtocol, () => ({ kind: 'fault', error }));
      const client = new OpenAI({ baseURL: `${served.origin}/openai/v1`, apiKey: 'k', maxRetries: 1 });
      await client.chat.completions.create(params).catch(() => undefined);
      expect([code, served.seen.length]).toEqual([code, requests]);
      await served.close();
    }
  });

  it('does not sit out the wait for a new budget', async () => {
    const error = new GatewayError('tooManyRequests', { retryAfterSeconds: 3600 });
    served = await serve(openaiProtocol, () => ({ kind: 'fault', error }));
    const client = new OpenAI({ baseURL: `${served.origin}/openai/v1`, apiKey: 'k', maxRetries: 2 });
    const failure: unknown = await client.chat.completions.create(params).catch((cause: unknown) => cause);
    expect(failure instanceof OpenAI.APIError && failure.headers?.get('retry-after')).toBe('3600');
    expect(served.seen.length).toBe(1);
  });

  it('learns of an address that does not exist', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const failure: unknown = await client.completions.create({ model: 'm', prompt: 'p' }).catch((cause) => cause);
    expect(failure).toMatchObject({ status: 404, code: 'unknown_url' });
  });

  it('lists models and finds one by an id with a slash and a colon', async () => {
    const client = await clientOf({ kind: 'answer', events });
    const models = await client.models.list();
    expect(models.data).toEqual([
      { id: 'amazon.nova-lite-v1:0', object: 'model', created: 1_700_000_000, owned_by: 'sallyport' },
      { id: 'demo/model', object: 'model', created: 1_700_000_000, owned_by: 'sallyport' },
    ]);
    expect(await client.models.retrieve('demo/model')).toMatchObject({ id: 'demo/model' });
    expect(await client.models.retrieve('amazon.nova-lite-v1:0')).toMatchObject({ id: 'amazon.nova-lite-v1:0' });
  });

  it.each(['float', 'base64', undefined] as const)('gets embeddings asked for as %s', async (encoding_format) => {
    const vectors: readonly AnswerEvent[] = [
      { kind: 'start' },
      { kind: 'embedding', index: 0, vector: [0.5, -0.25] },
      { kind: 'embedding', index: 1, vector: [1, 0.125] },
      { kind: 'usage', usage: { inputTokens: 4, outputTokens: 0 } },
    ];
    const client = await clientOf({ kind: 'answer', events: vectors });
    const format = encoding_format === undefined ? {} : { encoding_format };
    const { data, model, usage } = await client.embeddings.create({ model: 'titan', input: ['a', 'b'], ...format });
    const first = data[0]?.embedding;
    expect([model, usage]).toEqual(['titan', { prompt_tokens: 4, total_tokens: 4 }]);
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    if (encoding_format === 'base64') {
      expect(Buffer.from(String(first), 'base64')).toEqual(Buffer.from('0000003f000080be', 'hex'));
    } else {
      expect(first).toEqual([0.5, -0.25]);
    }
  });
});
