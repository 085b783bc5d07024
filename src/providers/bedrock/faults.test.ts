import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerEvent, type GatewayError, type Provider, toAnswer } from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import { answerOf, clear, codeOf, converse, exchangeOf, say, TITAN_EMBED } from '../cleared.suite.ts';
import { createBedrock } from './bedrock.ts';
import { encodeEvent, encodeFrame, type ScriptedServer, serveScript } from './scripted-server.suite.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A provider whose upstream answers every call so. */
async function upstream(answer: (response: ServerResponse) => void, maxAttempts = 1): Promise<Provider> {
  server = await serveScript((_request, response) => answer(response));
  return connect(server.endpoint, maxAttempts);
}

function connect(endpoint: string, maxAttempts = 1): Provider {
  return createBedrock({
    name: 'bedrock',
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestTimeoutMs: 30_000,
    maxAttempts,
  });
}

const ask = converse(say('hello'));
const stream = converse(say('hello'), 'converse-stream');
const embed = converse({ inputText: 'x', dimensions: 256 }, 'invoke', TITAN_EMBED);

async function faultOf(provider: Provider, exchange = ask): Promise<GatewayError> {
  return answerOf(provider, exchange).then(
    () => Promise.reject(new Error('answered')),
    (error) => error,
  );
}

describe('a refusal', () => {
  const secret = 'prompt text that the provider repeats';

  it.each([
    [400, 'ValidationException', 'upstreamInvalid'],
    [400, 'ServiceQuotaExceededException', 'upstreamThrottled'],
    [403, 'AccessDeniedException', 'upstreamForbidden'],
    [403, 'UnrecognizedClientException', 'upstreamForbidden'],
    [403, 'ExpiredTokenException', 'upstreamForbidden'],
    [404, 'ResourceNotFoundException', 'upstreamFailed'],
    [408, 'ModelTimeoutException', 'upstreamTimeout'],
    [424, 'ModelErrorException', 'upstreamFailed'],
    [429, 'ThrottlingException', 'upstreamThrottled'],
    [429, 'ModelNotReadyException', 'upstreamNotReady'],
    [500, 'InternalServerException', 'upstreamFailed'],
    [503, 'ServiceUnavailableException', 'upstreamUnavailable'],
    [400, undefined, 'upstreamInvalid'],
    [401, undefined, 'upstreamForbidden'],
    [413, undefined, 'upstreamInvalid'],
    [418, undefined, 'upstreamFailed'],
    [429, undefined, 'upstreamThrottled'],
    [502, undefined, 'upstreamFailed'],
    [503, undefined, 'upstreamUnavailable'],
    [504, 'constructor', 'upstreamTimeout'],
  ])('of status %i and type %s is %s, and says nothing of what the provider said', async (status, type, code) => {
    const provider = await upstream((response) => {
      response.writeHead(status, type === undefined ? {} : { 'x-amzn-errortype': type });
      response.end(JSON.stringify({ message: secret }));
    });
    const fault = await faultOf(provider);
    expect(fault).toMatchObject({ name: 'GatewayError', code });
    expect(fault.message).not.toContain(secret);
    expect(fault.cause).toBeInstanceOf(Error);
    expect(await codeOf(answerOf(provider, stream))).toBe(code);
  });

  it('may say what it is in its body', async () => {
    const provider = await upstream((response) => response.writeHead(400).end('{"__type":"ThrottlingException"}'));
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamThrottled');
  });

  it('that is not JSON keeps the meaning of its status', async () => {
    const provider = await upstream((response) => response.writeHead(503).end('<html>'));
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamUnavailable');
  });

  it.each([
    ['7', 7],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
    ['1234567', undefined],
  ])('with a retry-after of %s passes on %s', async (header, seconds) => {
    const provider = await upstream((response) => response.writeHead(429, { 'retry-after': header }).end('{}'));
    expect((await faultOf(provider)).retryAfterSeconds).toBe(seconds);
  });

  it.each([301, 302, 303, 307, 308])('to go elsewhere (%i) is not followed', async (status) => {
    const provider = await upstream((response) => response.writeHead(status, { location: '/elsewhere' }).end());
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamFailed');
    expect(server?.paths).toHaveLength(1);
  });
});

describe('a provider that cannot be reached', () => {
  it('is unavailable', async () => {
    const { endpoint, close } = await serveScript(() => {});
    await close();
    expect(await codeOf(answerOf(connect(endpoint), ask))).toBe('upstreamUnavailable');
    expect(await codeOf(answerOf(connect('http://nowhere.invalid'), ask))).toBe('upstreamUnavailable');
  });

  it('is unavailable when it hangs up instead of answering', async () => {
    const provider = await upstream((response) => response.destroy());
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamUnavailable');
  });

  it('is tried again', async () => {
    const provider = await upstream((response) => response.destroy(), 2);
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamUnavailable');
    expect(server?.paths).toHaveLength(2);
  });
});

describe('a whole answer', () => {
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
  const text = [{ text: 'hi' }];
  const reply = (content: unknown, more: object = {}) => ({
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 1 },
    ...more,
  });
  const answering = (body: unknown) =>
    upstream((response) => response.end(typeof body === 'string' ? body : JSON.stringify(body)));

  it('keeps tool arguments as they came', async () => {
    const input = '{ "big": 12345678901234567890, "z": 1, "a": 2 }';
    const provider = await answering(
      `{"output":{"message":{"role":"assistant","content":[{"text":"so"},{"toolUse":{"toolUseId":"t","name":"n","input":${input}}}]}},` +
        `"stopReason":"tool_use","usage":${JSON.stringify({ ...usage, cacheReadInputTokens: 4, cacheWriteInputTokens: 5 })},` +
        '"metrics":{"latencyMs":1},"trace":{},"somethingNew":1}',
    );
    expect(await answerOf(provider, ask)).toEqual({
      blocks: [
        { kind: 'text', text: 'so' },
        { kind: 'toolUse', id: 't', name: 'n', arguments: input },
      ],
      embeddings: [],
      stop: 'toolUse',
      usage: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 4, cacheWriteInputTokens: 5 },
    });
  });

  it.each([
    ['end_turn', 'endTurn'],
    ['tool_use', 'toolUse'],
    ['max_tokens', 'maxTokens'],
    ['model_context_window_exceeded', 'contextWindow'],
    ['stop_sequence', 'stopSequence'],
    ['content_filtered', 'contentFilter'],
    ['guardrail_intervened', 'guardrail'],
  ])('that ended by %s ends by %s', async (stopReason, stop) => {
    const provider = await answering(reply(text, { stopReason, usage: { ...usage, cacheReadInputTokens: null } }));
    expect(await answerOf(provider, ask)).toMatchObject({ stop, usage: { inputTokens: 1, outputTokens: 2 } });
  });

  const toolUse = { toolUseId: 't', name: 'n', input: {} };
  it.each([
    ['reasoning of no kind', reply([{ reasoningContent: {} }])],
    ['reasoning of two kinds', reply([{ reasoningContent: { reasoningText: { text: 'x' }, redactedContent: '' } }])],
    ['reasoning without a text', reply([{ reasoningContent: { reasoningText: {} } }])],
    ['encrypted reasoning that is not base64', reply([{ reasoningContent: { redactedContent: 'AA=' } }])],
    ['a citation that is none', reply([{ citationsContent: { citations: ['x'] } }])],
    ['cited content that is no text', reply([{ citationsContent: { content: [{ image: {} }] } }])],
    ['an image', reply([{ image: { format: 'png', source: { bytes: '' } } }])],
    ['text and something else in one block', reply([{ text: 'x', image: {} }])],
    ['an empty block', reply([{}])],
    ['a block that is none', reply(['x'])],
    ['text that is none', reply([{ text: 1 }])],
    ['a tool of the provider', reply([{ toolUse: { ...toolUse, type: 'server_tool_use' } }])],
    ['the result of a tool', reply([{ toolResult: { toolUseId: 't', content: [] } }])],
    ['tool arguments that are no object', reply([{ toolUse: { ...toolUse, input: [] } }])],
    ['a tool without a name', reply([{ toolUse: { toolUseId: 't', input: {} } }])],
    ['a tool call that is none', reply([{ toolUse: 'x' }])],
    ['no message', { ...reply(text), output: {} }],
    ['no content', reply(undefined)],
    ['no stop reason', reply(text, { stopReason: undefined })],
    ['a tool call that went wrong', reply(text, { stopReason: 'malformed_tool_use' })],
    ['an unknown stop reason', reply(text, { stopReason: 'constructor' })],
    ['no usage', reply(text, { usage: undefined })],
    ['usage that does not count', reply(text, { usage: { inputTokens: -1, outputTokens: 2 } })],
    ['usage in fractions', reply(text, { usage: { inputTokens: 1, outputTokens: 0.5 } })],
    ['two members of one name', '{"output":1,"output":2}'],
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['an answer that is no object', '[]'],
  ])('is refused with %s', async (_name, body) => {
    expect(await codeOf(answerOf(await answering(body), ask))).toBe('upstreamFailed');
  });

  it('is refused in other than UTF-8', async () => {
    const provider = await upstream((response) => response.end(Buffer.from([0x22, 0xff, 0x22])));
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamFailed');
  });

  it('is refused with a status that has none', async () => {
    const provider = await upstream((response) => response.writeHead(204).end());
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamFailed');
  });

  it('is missed where it breaks off', async () => {
    const provider = await upstream((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{', () => response.destroy());
    });
    expect(await codeOf(answerOf(provider, ask))).toBe('upstreamInterrupted');
  });
});

describe('a vector', () => {
  const vector = Array(256).fill(0.0625);
  it.each([
    ['of other dimensions', { embedding: [1], inputTextTokenCount: 1 }],
    ['of something else than numbers', { embedding: [...vector.slice(1), '1'], inputTextTokenCount: 1 }],
    ['that is none', { embedding: 'x', inputTextTokenCount: 1 }],
    ['without a count', { embedding: vector }],
  ])('%s is refused', async (_name, body) => {
    const provider = await upstream((response) => response.end(JSON.stringify(body)));
    expect(await codeOf(answerOf(provider, embed))).toBe('upstreamFailed');
  });

  it('that fails cancels the others', async () => {
    const waiting: ServerResponse[] = [];
    const provider = await upstream((response) => {
      waiting.push(response);
      if (waiting.length === 4) response.writeHead(400).end('{}');
    });
    const many = exchangeOf(openaiProtocol, '/openai/v1/embeddings', { model: TITAN_EMBED, input: Array(9).fill('x') });
    expect(await codeOf(answerOf(provider, many))).toBe('upstreamInvalid');
    await Promise.all(waiting.slice(0, 3).map((response) => response.closed || once(response, 'close')));
    expect(waiting).toHaveLength(4);
  });

  it('is taken as it is', async () => {
    const body = JSON.stringify({ embedding: vector, inputTextTokenCount: 1, embeddingsByType: {} });
    const provider = await upstream((response) => response.end(body));
    expect((await answerOf(provider, embed)).embeddings).toEqual([vector]);
  });
});

describe('a stream', () => {
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
  const delta = (text: string, index = 0) =>
    encodeEvent('contentBlockDelta', { contentBlockIndex: index, delta: { text }, p: 'abc' });
  const begin = [encodeEvent('messageStart', { role: 'assistant', p: 'abcd' }), delta('one '), delta('two')];
  const end = [
    encodeEvent('contentBlockStop', { contentBlockIndex: 0 }),
    encodeEvent('messageStop', { stopReason: 'end_turn' }),
    encodeEvent('metadata', { usage, metrics: { latencyMs: 1 } }),
  ];
  const exception = (type: string) =>
    encodeFrame({ ':message-type': 'exception', ':exception-type': type }, '{"message":"a secret"}');

  const streaming = (...frames: readonly Uint8Array[]) => upstream((response) => response.end(Buffer.concat(frames)));

  async function play(provider: Provider): Promise<{ events: readonly AnswerEvent[]; fault?: GatewayError }> {
    const { events } = await provider.invoke(await clear(stream), AbortSignal.any([]));
    const seen: AnswerEvent[] = [];
    try {
      for await (const batch of events) seen.push(...batch);
    } catch (error) {
      return { events: seen, fault: error as GatewayError };
    }
    return { events: seen };
  }

  it('is read to its end, whatever else a newer service says', async () => {
    const provider = await streaming(...begin, encodeEvent('somethingNew', { text: 'x' }), ...end);
    const { events, fault } = await play(provider);
    expect(fault).toBeUndefined();
    expect(toAnswer(events)).toMatchObject({ blocks: [{ text: 'one two' }], stop: 'endTurn' });
  });

  it('counts what it leaves, by its end', async () => {
    const provider = await streaming(...begin, encodeEvent('somethingNew', { text: 'x' }), ...end);
    const { events, dropped } = await provider.invoke(await clear(stream), AbortSignal.any([]));
    for await (const _batch of events);
    expect(dropped?.()).toBe(2);
  });

  it('gives what one read of the socket brought as one batch', async () => {
    const provider = await streaming(...begin, ...end);
    const { events } = await provider.invoke(await clear(stream), AbortSignal.any([]));
    let batches = 0;
    for await (const _batch of events) batches += 1;
    expect(batches).toBe(1);
  });

  it('is the same in single bytes', async () => {
    const bytes = Buffer.concat([...begin, ...end]);
    const provider = await upstream(async (response) => {
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(toAnswer((await play(provider)).events)).toMatchObject({ blocks: [{ text: 'one two' }], stop: 'endTurn' });
  });

  it('keeps fragments of tool arguments as they came, beside text', async () => {
    const start = (toolUse: object) => encodeEvent('contentBlockStart', { contentBlockIndex: 1, start: { toolUse } });
    const fragment = (input: string) =>
      encodeEvent('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input } } });
    const provider = await streaming(
      ...begin,
      start({ toolUseId: 't', name: 'n' }),
      fragment('{"big": 123456789'),
      fragment('01234567890}'),
      ...end,
    );
    expect(toAnswer((await play(provider)).events).blocks[1]).toEqual({
      kind: 'toolUse',
      id: 't',
      name: 'n',
      arguments: '{"big": 12345678901234567890}',
    });
  });

  it.each([
    ['modelStreamErrorException', 'upstreamInterrupted'],
    ['throttlingException', 'upstreamThrottled'],
    ['validationException', 'upstreamInvalid'],
    ['serviceUnavailableException', 'upstreamUnavailable'],
    ['internalServerException', 'upstreamFailed'],
    ['somethingNewException', 'upstreamInterrupted'],
  ])('that ends in %s gives what came before, then %s', async (type, code) => {
    const { events, fault } = await play(await streaming(...begin, exception(type)));
    expect(fault?.code).toBe(code);
    expect(fault?.message).not.toContain('secret');
    expect(toAnswer(events)).toMatchObject({ blocks: [{ text: 'one two' }] });
  });

  it('takes the end of a block that never began for nothing', async () => {
    const stray = encodeEvent('contentBlockStop', { contentBlockIndex: 7 });
    const { events, fault } = await play(await streaming(...begin, stray, ...end));
    expect(fault).toBeUndefined();
    expect(events.filter(({ kind }) => kind === 'blockStop')).toEqual([{ kind: 'blockStop', index: 0 }]);
  });

  it('that begins with a fault gives nothing else', async () => {
    const error = encodeFrame({ ':message-type': 'error', ':error-code': 'InternalFailure' }, '');
    expect(await play(await streaming(error))).toMatchObject({ events: [], fault: { code: 'upstreamInterrupted' } });
  });

  it('that is cut between two frames does not pass for a whole one', async () => {
    expect((await play(await streaming(...begin))).fault?.code).toBe('upstreamInterrupted');
    expect((await play(await streaming())).fault?.code).toBe('upstreamInterrupted');
  });

  it('that is cut inside a frame is interrupted', async () => {
    const [first = new Uint8Array()] = end;
    expect((await play(await streaming(...begin, first.subarray(0, 9)))).fault?.code).toBe('upstreamInterrupted');
  });

  it('whose connection is lost is interrupted', async () => {
    const provider = await upstream((response) => {
      response.write(Buffer.concat(begin), () => response.destroy());
    });
    expect((await play(provider)).fault?.code).toBe('upstreamInterrupted');
  });

  const start = (value: unknown) => encodeEvent('contentBlockStart', { contentBlockIndex: 1, start: value });
  const other = (value: unknown) => encodeEvent('contentBlockDelta', { contentBlockIndex: 1, delta: value });
  const call = { toolUse: { toolUseId: 't', name: 'n' } };
  const notUtf8 = Buffer.from('{"contentBlockIndex":0,"delta":{"text":"\xff"}}', 'latin1');
  const header = (type: string) => ({ ':message-type': 'event', ':event-type': type });
  it.each([
    ['reasoning of no kind', [other({ reasoningContent: { surprise: 'x' } })]],
    ['reasoning within text', [other({ text: 'x' }), other({ reasoningContent: { text: 'x' } })]],
    ['text within reasoning', [other({ reasoningContent: { text: 'x' } }), other({ text: 'x' })]],
    ['encrypted reasoning that is not base64', [other({ reasoningContent: { redactedContent: '?' } })]],
    ['a citation that is none', [other({ citation: 'x' })]],
    ['a citation within a tool call', [start({ toolUse: { toolUseId: 't', name: 'n' } }), other({ citation: {} })]],
    ['the result of a tool', [start({ toolResult: { toolUseId: 't' } })]],
    ['content behind its end', [encodeEvent('messageStop', { stopReason: 'end_turn' }), other({ text: 'x' })]],
    ['an event that is not UTF-8', [encodeFrame(header('contentBlockDelta'), notUtf8)]],
    ['a delta of a new kind', [other({ surprise: {} })]],
    ['an image', [start({ image: { format: 'png' } })]],
    ['a tool of the provider', [start({ toolUse: { ...call.toolUse, type: 'server_tool_use' } })]],
    ['a block of two kinds', [start({ ...call, image: {} })]],
    ['a delta of two kinds', [other({ text: 'x', citation: {} })]],
    ['a delta of no kind', [other({})]],
    ['a delta that is none', [other('x')]],
    ['text within a tool call', [start(call), other({ text: 'x' })]],
    ['arguments of no call', [other({ toolUse: { input: '{}' } })]],
    ['arguments within text', [other({ text: 'x' }), other({ toolUse: { input: '{}' } })]],
    ['arguments that are no text', [start(call), other({ toolUse: { input: {} } })]],
    ['a block nowhere', [encodeEvent('contentBlockDelta', { delta: { text: 'x' } })]],
    ['a new kind of content', [encodeEvent('contentBlockSurprise', {})]],
    ['an end that is none', [encodeEvent('messageStop', { stopReason: 'malformed_model_output' })]],
    ['usage that does not count', [encodeEvent('metadata', { usage: {} })]],
    ['no JSON', [encodeFrame(header('messageStart'), 'x')]],
    ['bytes that are no frame', [Buffer.alloc(32)]],
  ])('is refused with %s, after what came before', async (_name, frames) => {
    const { events, fault } = await play(await streaming(...begin, ...frames, ...end));
    expect(fault?.code).toBe('upstreamFailed');
    expect(toAnswer(events).blocks[0]).toEqual({ kind: 'text', text: 'one two' });
  });
});
