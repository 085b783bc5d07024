import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type AnswerBlock, type AnswerEvent, parseModelId, toAnswer } from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import { createOpenAICompatible } from './openai-compatible.ts';
import {
  chat,
  clear,
  ending,
  faultOf,
  gather,
  startUpstream,
  toCompletion,
  toEvent,
  toExchange,
} from './upstream.suite.ts';

const requestTimeoutMs = 5_000;
const never = () => new AbortController().signal;

describe('a server that speaks the OpenAI API', () => {
  it('is sent the request as JSON, with the key, and may not compress', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(toCompletion({ content: 'hi' }));
    });
    const provider = createOpenAICompatible({
      name: 'local',
      baseUrl: `${upstream.baseUrl}/`,
      apiKey: 'k-1',
      requestTimeoutMs,
    });
    const exchange = await chat({ stream: false });
    const answer = await provider.invoke(exchange, never());
    await provider.close();
    expect(answer.providerRequestId).toBe('chatcmpl-1');
    expect(upstream.received).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'accept-encoding': 'identity',
          authorization: 'Bearer k-1',
          'x-request-id': exchange.id,
        },
        body: '{"model":"llama-3","messages":[{"role":"user","content":"hello"}]}',
      },
    ]);
  });

  it('can join the trace of the caller, where there is one', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(toCompletion({ content: 'hi' }));
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const exchange = await chat({ stream: false });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await provider.invoke(await clear({ ...exchange, traceparent }), never());
    await provider.invoke(exchange, never());
    await provider.close();
    expect(upstream.received.map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined]);
  });

  it('is kept from waiting for with more than a bound, cancelled or not, until a connection takes what waits', async () => {
    const { promise: released, resolve: answerAll } = Promise.withResolvers<void>();
    await using upstream = await startUpstream(async (response) => {
      await released;
      response.writeHead(200, { 'content-type': 'application/json' }).end(toCompletion({ content: 'hi' }));
    });
    const options = { name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs, maxConnections: 1, maxWaiting: 150 };
    const provider = createOpenAICompatible(options);
    const exchange = await chat({ stream: false });
    const first = provider.invoke(exchange, never());
    await expect.poll(() => upstream.received.length).toBe(1);
    const cancelled = [1, 2].map(() => provider.invoke(exchange, AbortSignal.timeout(10)));
    for (const call of cancelled) expect((await faultOf(call)).code).not.toBe('upstreamUnavailable');
    expect((await faultOf(provider.invoke(exchange, never()))).code).toBe('upstreamUnavailable');
    answerAll();
    await first;
    await expect
      .poll(() =>
        provider.invoke(exchange, never()).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('answered');
    await provider.close();
  });

  it('is sent no key where there is none', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(toEvent({ content: 'hi' }) + ending);
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    await gather(provider, await chat({ stream: true }));
    await provider.close();
    expect(upstream.received[0]?.headers).not.toHaveProperty('authorization');
    expect(upstream.received[0]?.headers.accept).toBe('text/event-stream');
  });

  it('is not sent what nobody has inspected', async () => {
    await using upstream = await startUpstream((response) => void response.end());
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const exchange = { ...(await chat({ stream: false })) };
    expect((await faultOf(provider.invoke(exchange, never()))).code).toBe('inspectionFailed');
    await provider.close();
    expect(upstream.received).toEqual([]);
  });

  it('is asked for embeddings', async () => {
    await using upstream = await startUpstream((response) => {
      const data = [0, 1].map((index) => ({ index, embedding: [index, 0.5] }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const exchange = await clear(toExchange({ model: 'demo', input: ['one', 'two "2"'], dimensions: 2 }));
    const { embeddings } = toAnswer(await gather(provider, exchange));
    await provider.close();
    expect(embeddings).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    expect(upstream.received).toMatchObject([
      {
        path: '/v1/embeddings',
        body: '{"model":"llama-3","input":["one","two \\"2\\""],"encoding_format":"float","dimensions":2}',
      },
    ]);
  });

  it('is not asked for embeddings that are not normalised', async () => {
    await using upstream = await startUpstream((response) => void response.end());
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const exchange = toExchange({ model: 'demo', input: 'one' });
    if (exchange.request.kind !== 'embedding') throw new Error('not an embedding');
    const bare = await clear({ ...exchange, request: { ...exchange.request, normalize: false } });
    expect((await faultOf(provider.invoke(bare, never()))).code).toBe('unsupported');
    await provider.close();
    expect(upstream.received).toEqual([]);
  });

  it('is called only where its name leads to the machine, as nothing is encrypted, each time anew', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.end(toCompletion({ content: 'hi' }));
    });
    // A name that changes its address between two calls.
    const addresses = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '127.0.0.1'];
    const provider = createOpenAICompatible({
      name: 'local',
      baseUrl: upstream.baseUrl.replace('127.0.0.1', 'localhost'),
      requestTimeoutMs,
      lookup: (_name, _options, callback) => callback(null, [{ address: addresses.shift() ?? '', family: 4 }]),
    });
    const exchange = await chat({ stream: false });
    const call = () =>
      gather(provider, exchange).then(
        () => 'answered',
        (error) => [error.code, error.cause.code],
      );
    const calls = [await call(), await call(), await call(), await call()];
    await provider.close();
    const refused = ['upstreamUnavailable', 'ERR_ADDRESS_NOT_ALLOWED'];
    expect(calls).toEqual(['answered', refused, refused, 'answered']);
    expect(upstream.received).toHaveLength(2);
  });

  it('is not made where its URL names an address that is not allowed', async () => {
    const made = (baseUrl: string, allowPrivate?: boolean) => () =>
      createOpenAICompatible({
        name: 'local',
        baseUrl,
        requestTimeoutMs,
        ...(allowPrivate === undefined ? {} : { allowPrivate }),
      });
    expect(made('https://10.0.0.5/v1')).toThrow(RangeError);
    expect(made('https://169.254.169.254/v1', true)).toThrow(RangeError);
    await made('https://10.0.0.5/v1', true)().close();
  });

  it('is not given a key that would be more than one header', async () => {
    const options = { name: 'local', baseUrl: 'http://127.0.0.1:1/v1', requestTimeoutMs };
    expect(() => createOpenAICompatible({ ...options, apiKey: 'k\r\nx-evil: 1' })).toThrow(RangeError);
    const provider = createOpenAICompatible({ ...options, apiKey: async () => 'k\r\nx-evil: 1' });
    const sent = provider.invoke(await chat({ stream: false }), never());
    await expect(sent).rejects.toMatchObject({ code: 'upstreamForbidden' });
  });

  it('is given the key that is good with each call, and is not called where there is none', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(toCompletion({ content: 'hi' }));
    });
    const keys = ['k-1', 'k-2'];
    const apiKey = async () => keys.shift() ?? Promise.reject(new Error('hunter2'));
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs, apiKey });
    const exchange = await chat({ stream: false });
    for (const _call of [1, 2]) await provider.invoke(exchange, never());
    const refused = provider.invoke(exchange, never());
    await expect(refused).rejects.toMatchObject({ code: 'upstreamForbidden' });
    await expect(refused).rejects.not.toThrow('hunter2');
    const late = createOpenAICompatible({
      name: 'local',
      baseUrl: upstream.baseUrl,
      requestTimeoutMs,
      apiKey: () => new Promise(() => undefined),
    });
    await expect(late.invoke(exchange, AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'upstreamTimeout' });
    await Promise.all([provider.close(), late.close()]);
    expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer k-1', 'Bearer k-2']);
  });
});

const text = fc.string({ unit: 'binary' });
const toolUse = fc.record({
  kind: fc.constant('toolUse'),
  id: fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,128}$/),
  name: fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/),
});
const block = fc.record({
  start: fc.oneof(fc.record({ kind: fc.constant('text') }), toolUse),
  fragments: fc.array(text, { maxLength: 4 }),
});
const counts = fc.record({
  inputTokens: fc.nat(),
  outputTokens: fc.nat(),
  cacheReadInputTokens: fc.nat(),
  cacheWriteInputTokens: fc.nat(),
});
const reasons = ['endTurn', 'maxTokens', 'stopSequence', 'toolUse', 'contentFilter', 'guardrail'] as const;
const answers: fc.Arbitrary<readonly AnswerEvent[]> = fc
  .record({ blocks: fc.array(block, { maxLength: 5 }), reason: fc.constantFrom(...reasons), usage: counts })
  .map(({ blocks, reason, usage }) => [
    { kind: 'start' },
    ...blocks.flatMap(({ start, fragments }, index): readonly AnswerEvent[] => [
      { kind: 'blockStart', index, block: start },
      ...fragments.map((text) => ({ kind: 'delta', index, text }) as const),
      { kind: 'blockStop', index },
    ]),
    { kind: 'stop', reason },
    { kind: 'usage', usage },
  ]);

/** What of an answer the API can say: neighbouring texts are one, and three of the reasons to stop are two. */
function toSayable({ blocks, stop, usage }: Answer) {
  const said: AnswerBlock[] = [];
  for (const one of blocks) {
    const last = said.at(-1);
    if (one.kind === 'text' && last?.kind === 'text') said[said.length - 1] = { ...last, text: last.text + one.text };
    else if (one.kind !== 'text' || one.text !== '') said.push(one);
  }
  const reason = { stopSequence: 'endTurn', guardrail: 'contentFilter' }[stop as string] ?? stop;
  const calls = said.some(({ kind }) => kind === 'toolUse');
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  return {
    blocks: said,
    stop: reason === 'endTurn' && calls ? 'toolUse' : reason,
    usage: [inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens],
  };
}

const texts = (answer: Answer): Answer => ({
  ...answer,
  blocks: answer.blocks.toSorted((a, b) => Number(a.kind === 'toolUse') - Number(b.kind === 'toolUse')),
});

describe('an answer of our own OpenAI protocol', () => {
  const reply = (stream: boolean) => {
    const body = {
      model: 'demo',
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      messages: [{ role: 'user', content: 'hello' }],
    };
    const read = openaiProtocol.read(
      { kind: 'invoke', operation: 'chat.completions' },
      Buffer.from(JSON.stringify(body)),
      () => undefined,
    );
    return read.createReply({ requestId: toExchange(body).id, createdAt: 0, model: parseModelId('demo') });
  };

  it('comes back as it went, whole', async () => {
    let events: readonly AnswerEvent[] = [];
    await using upstream = await startUpstream((response) => {
      const { status, headers, body } = reply(false).whole(toAnswer(events), 0);
      response.writeHead(status, headers).end(body);
    });
    const provider = createOpenAICompatible({
      name: 'local',
      baseUrl: upstream.baseUrl,
      requestTimeoutMs,
      maxConnections: 1,
    });
    const exchange = await chat({ stream: false });
    await fc.assert(
      fc.asyncProperty(answers, async (sent) => {
        events = sent;
        // A whole answer has its texts in one, before its calls.
        expect(toSayable(toAnswer(await gather(provider, exchange)))).toEqual(toSayable(texts(toAnswer(sent))));
      }),
    );
    await provider.close();
    expect(upstream.connections).toBe(1);
  });

  it('comes back as it went, streamed in pieces of any size', async () => {
    let events: readonly AnswerEvent[] = [];
    let size = 1;
    await using upstream = await startUpstream((response) => {
      const writer = reply(true);
      response.writeHead(200, writer.streamHeaders);
      const bytes = Buffer.concat([writer.events(events, 0), writer.end(0)]);
      for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
      response.end();
    });
    const provider = createOpenAICompatible({
      name: 'local',
      baseUrl: upstream.baseUrl,
      requestTimeoutMs,
      maxConnections: 1,
    });
    const exchange = await chat({ stream: true });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 2_000 }), async (sent, bytes) => {
        events = sent;
        size = bytes;
        expect(toSayable(toAnswer(await gather(provider, exchange)))).toEqual(toSayable(toAnswer(sent)));
      }),
    );
    await provider.close();
    expect(upstream.connections).toBe(1);
  });

  it('that is a fault on its way is interrupted', async () => {
    await using upstream = await startUpstream((response) => {
      const writer = reply(true);
      response.writeHead(200, writer.streamHeaders).write(toEvent({ content: 'hi' }));
      response.end(`data: {"error":{"message":"the model broke","code":500}}\n\n`);
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    expect((await faultOf(gather(provider, await chat({ stream: true })))).code).toBe('upstreamInterrupted');
    await provider.close();
  });
});

describe('a streamed answer', () => {
  const answer = [
    toEvent({ role: 'assistant', content: '' }),
    ...['erst', ' überlegen', '', ' "und"', ' dann'].map((text) => toEvent({ reasoning_content: text })),
    toEvent({ content: 'größer' }),
    toEvent({ content: ' 🚪 und' }),
    toEvent({ content: ' "mehr"' }),
    toEvent({
      tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'lookup', arguments: '{"ä"' } }],
    }),
    toEvent({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    `: ping\r\n\r\n${ending}`,
  ].join('');

  it('is the same wherever it is cut', async () => {
    const bytes = Buffer.from(answer);
    let cut = 0;
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=UTF-8' });
      if (cut > 0) response.write(bytes.subarray(0, cut));
      response.end(bytes.subarray(cut));
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const exchange = await chat({ stream: true });
    const expected = await gather(provider, exchange);
    expect(toAnswer(expected).blocks).toEqual([
      { kind: 'reasoning', text: 'erst überlegen "und" dann' },
      { kind: 'text', text: 'größer 🚪 und "mehr"' },
      { kind: 'toolUse', id: 'c1', name: 'lookup', arguments: '{"ä":1}' },
    ]);
    for (cut = 1; cut < bytes.length; cut += 1) expect(await gather(provider, exchange)).toEqual(expected);
    await provider.close();
  });

  it('comes in batches, one for what is sent at once', async () => {
    const steps: (() => void)[] = [];
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      for (const writes of [
        [toEvent({ content: 'a' })],
        ['b', 'c', 'd'].map((content) => toEvent({ content })),
        [ending],
      ]) {
        steps.push(() => {
          // HTTP chunks of their own, in one segment.
          response.socket?.cork();
          for (const write of writes) response.write(write);
          response.socket?.uncork();
        });
      }
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const pending = provider.invoke(await chat({ stream: true }), never());
    while (steps.length === 0) await new Promise(setImmediate);
    const lengths: number[] = [];
    steps.shift()?.();
    for await (const batch of (await pending).events) {
      lengths.push(batch.length);
      setImmediate(() => steps.shift()?.());
    }
    await provider.close();
    expect(lengths).toEqual([3, 3, 2]);
  });

  it('is not read faster than it is taken', async () => {
    const piece = toEvent({ content: 'x'.repeat(32_000) }).repeat(8);
    const rounds = 128;
    let written = 0;
    await using upstream = await startUpstream(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let round = 0; round < rounds; round += 1) {
        const isFree = response.write(piece);
        written += 1;
        if (!isFree) await once(response, 'drain');
      }
      response.end(ending);
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs: 300 });
    const { events } = await provider.invoke(await chat({ stream: true }), never());
    // Longer than the server may take: waiting for the reader is not its fault.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(written).toBeLessThan(rounds);
    const { blocks } = toAnswer((await Array.fromAsync(events)).flat());
    await provider.close();
    expect(blocks.map((one) => one.kind === 'text' && one.text.length)).toEqual([32_000 * 8 * rounds]);
  });

  it('closes the connection once nobody wants more', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(toEvent({ content: 'a' }));
      response.once('close', resolve);
    });
    const provider = createOpenAICompatible({ name: 'local', baseUrl: upstream.baseUrl, requestTimeoutMs });
    const { events } = await provider.invoke(await chat({ stream: true }), never());
    for await (const _ of events) break;
    await closed;
    expect(await Array.fromAsync(events)).toEqual([]);
    await provider.close();
  });
});
