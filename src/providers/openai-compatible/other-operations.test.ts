import { describe, expect, it } from 'vitest';
import { type Completion, createPartList, type Embedding, type Inference, toAnswer } from '../../core/index.ts';
import { createOpenAICompatible } from './openai-compatible.ts';
import { clear, faultOf, gather, type Script, startUpstream, toExchange } from './upstream.suite.ts';

const requestTimeoutMs = 5_000;
const json = { 'content-type': 'application/json' };

/** A completion, made by hand: the OpenAI protocol does not read one. */
function completion(inference: Inference = {}, stream = false) {
  const list = createPartList();
  const prompt = list.add({ kind: 'text', origin: 'user', path: '/prompt', text: 'Once "upon"' });
  const request: Completion = { kind: 'completion', prompt, inference };
  const exchange = toExchange({ model: 'demo', messages: [{ role: 'user', content: 'x' }], stream });
  return { ...exchange, request, parts: list.parts };
}

const conversation = () =>
  toExchange({
    model: 'demo',
    messages: [{ role: 'user', content: 'hello' }],
    tools: [{ type: 'function', function: { name: 'lookup', parameters: { type: 'object' } } }],
    max_tokens: 7,
  });

/** The events of a call to a server that answers by `script`, and what the server was sent. */
async function called(exchange: ReturnType<typeof toExchange>, script: Script, path = '/v1') {
  await using upstream = await startUpstream(script);
  const baseUrl = upstream.baseUrl.replace('/v1', path);
  const provider = createOpenAICompatible({ name: 'local', baseUrl, requestTimeoutMs });
  try {
    return { events: await gather(provider, await clear(exchange)), received: upstream.received };
  } finally {
    await provider.close();
  }
}

const answering = (value: object, status = 200): Script => {
  return (response) => void response.writeHead(status, json).end(JSON.stringify(value));
};

describe('a completion', () => {
  it('goes to /completions, the prompt as it is', async () => {
    const choice = { index: 0, text: ' a time', logprobs: null, finish_reason: 'length' };
    const { events, received } = await called(
      completion({ maxTokens: 3, seed: 1, stopSequences: [] }),
      answering({ id: 'cmpl-1', choices: [choice], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
    );
    expect(toAnswer(events)).toMatchObject({ blocks: [{ kind: 'text', text: ' a time' }], stop: 'maxTokens' });
    expect(received).toMatchObject([
      { path: '/v1/completions', body: '{"model":"llama-3","prompt":"Once \\"upon\\"","max_tokens":3,"seed":1}' },
    ]);
  });

  it('is streamed', async () => {
    const { events, received } = await called(completion({}, true), (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const text of [' a', ' time']) {
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, text, finish_reason: null }] })}\n\n`);
      }
      response.end('data: {"choices":[{"index":0,"text":"","finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    });
    expect(toAnswer(events)).toMatchObject({ blocks: [{ kind: 'text', text: ' a time' }], stop: 'endTurn' });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it.each<[string, Inference]>([
    ['reasoning', { reasoning: { kind: 'off' } }],
    ['an output format', { outputFormat: { kind: 'json' } }],
    ['top-k', { topK: 1 }],
    ['several answers', { choices: 2 }],
  ])('is refused with %s', async (_, inference) => {
    expect((await faultOf(called(completion(inference), answering({})))).code).toBe('unsupported');
  });
});

describe('counting tokens', () => {
  const counting = (of: 'conversation' | 'completion') => {
    const exchange = of === 'conversation' ? conversation() : completion();
    const { request } = exchange;
    if (request.kind !== 'conversation' && request.kind !== 'completion') throw new Error('of nothing');
    return { ...exchange, action: 'CountTokens' as const, request: { kind: 'tokenCount' as const, of: request } };
  };
  const usage = (inputTokens: number) => [{ kind: 'usage', usage: { inputTokens, outputTokens: 0 } }];

  it('of a conversation asks vLLM, at the root of the server', async () => {
    const script = answering({ count: 12, max_model_len: 4096, tokens: [1, 2, 3] });
    for (const [path, expected] of [
      ['/v1', '/tokenize'],
      ['/v1/', '/tokenize'],
      ['/llama/v1', '/llama/tokenize'],
      ['/llama', '/llama/tokenize'],
      ['', '/tokenize'],
    ] as const) {
      const { events, received } = await called(counting('conversation'), script, path);
      expect(events).toEqual(usage(12));
      expect(received[0]?.path).toBe(expected);
      expect(JSON.parse(received[0]?.body ?? '')).toEqual({
        model: 'llama-3',
        messages: [{ role: 'user', content: 'hello' }],
        tools: [{ type: 'function', function: { name: 'lookup', parameters: { type: 'object' } } }],
      });
    }
  });

  it('of a completion asks vLLM or llama.cpp, and reads the answer of either', async () => {
    const { events, received } = await called(counting('completion'), answering({ count: 4, tokens: [1, 2, 3, 4] }));
    expect(events).toEqual(usage(4));
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      model: 'llama-3',
      prompt: 'Once "upon"',
      content: 'Once "upon"',
      add_special: true,
    });
    expect((await called(counting('completion'), answering({ tokens: [1, 2, 3] }))).events).toEqual(usage(3));
  });

  it('is unsupported where the server cannot', async () => {
    const faults = await Promise.all([
      faultOf(called(counting('conversation'), answering({ tokens: [] }))),
      faultOf(called(counting('conversation'), answering({ error: {} }, 404))),
      faultOf(called(counting('completion'), answering({}, 405))),
      faultOf(called(counting('completion'), answering({}, 501))),
    ]);
    expect(faults.map(({ code }) => code)).toEqual(faults.map(() => 'unsupported'));
  });

  it.each([
    ['an error', { error: { message: 'no' } }, 200, 'upstreamFailed'],
    ['a count that is none', { count: -1 }, 200, 'upstreamFailed'],
    ['neither count nor tokens', {}, 200, 'upstreamFailed'],
    ['another status', {}, 429, 'upstreamThrottled'],
    ['a refusal', {}, 400, 'upstreamInvalid'],
  ])('fails with %s', async (_, value, status, code) => {
    expect((await faultOf(called(counting('completion'), answering(value, status)))).code).toBe(code);
  });
});

describe('embeddings', () => {
  const embedding = (more: Partial<Embedding>) => {
    const exchange = toExchange({ model: 'demo', input: 'one' });
    if (exchange.request.kind !== 'embedding') throw new Error('not an embedding');
    return { ...exchange, request: { ...exchange.request, ...more } };
  };
  const script = answering({ data: [{ index: 0, embedding: [0.5] }] });

  it('may be of inputs that are not cut, as the API leaves them', async () => {
    const { events } = await called(embedding({ truncate: 'none' }), script);
    expect(toAnswer(events).embeddings).toEqual([[0.5]]);
  });

  it.each<[string, Partial<Embedding>]>([
    ['not normalised', { normalize: false }],
    ['for a purpose', { inputType: 'search_query' }],
    ['of inputs that are cut', { truncate: 'end' }],
  ])('are not asked for %s', async (_, more) => {
    expect((await faultOf(called(embedding(more), script))).code).toBe('unsupported');
  });
});
