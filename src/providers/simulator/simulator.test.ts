import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerEvent, type Cleared, GatewayError, toAnswer } from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import {
  answerOf,
  batchesOf,
  clear,
  codeOf,
  converse,
  exchangeOf,
  say,
  TITAN_EMBED,
  textOfAnswer,
} from '../cleared.suite.ts';
import { createSimulator } from './simulator.ts';

const simulator = createSimulator({ name: 'simulator' });
const ask = (text: string, more: object = {}) => converse(say(text, more));
const stream = (text: string, more: object = {}) => converse(say(text, more), 'converse-stream');
const deltas = (batches: readonly (readonly AnswerEvent[])[]) =>
  batches.flat().flatMap((event) => (event.kind === 'delta' ? [event.text] : []));

describe('what the simulator answers', () => {
  it('is the text of a single message, whole and streamed', async () => {
    const text = 'Why was card 4111 1111 1111 1111 declined? 😀';
    expect(await textOfAnswer(simulator, ask(text))).toBe(text);
    expect(await textOfAnswer(simulator, stream(text))).toBe(text);
  });

  it('is the same whole and streamed, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
        const exchange = ask(text);
        expect(await answerOf(simulator, stream(text))).toEqual(await answerOf(simulator, exchange));
      }),
    );
  });

  it('is everything the model was shown, in order', async () => {
    const body = {
      system: [{ text: 'be brief' }, { cachePoint: { type: 'default' } }],
      messages: [
        { role: 'user', content: [{ text: 'one' }, { text: 'two' }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'lookup', input: { id: 7 } } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [{ json: [1] }, { text: 'found' }] } }] },
      ],
      toolConfig: {
        tools: [
          { toolSpec: { name: 'lookup', description: 'finds it', inputSchema: { json: { type: 'object' } } } },
          { toolSpec: { name: 'bare', inputSchema: { json: {} } } },
        ],
      },
      inferenceConfig: { stopSequences: ['nowhere'] },
      requestMetadata: { team: 'unseen' },
    };
    expect((await textOfAnswer(simulator, converse(body))).split('\n')).toEqual([
      'be brief',
      'one',
      'two',
      'lookup {"id":7}',
      '[1]',
      'found',
      'lookup finds it {"type":"object"}',
      'bare {}',
    ]);
  });

  it('counts a token for every four characters begun', async () => {
    expect((await answerOf(simulator, ask('12345'))).usage).toEqual({ inputTokens: 2, outputTokens: 2 });
  });

  it('ends at maxTokens, never inside a character', async () => {
    const limited = (text: string) => answerOf(simulator, ask(text, { inferenceConfig: { maxTokens: 1 } }));
    expect(await limited('abcdefgh')).toMatchObject({ blocks: [{ text: 'abcd' }], stop: 'maxTokens' });
    expect(await limited('abc😀')).toMatchObject({ blocks: [{ text: 'abc' }], stop: 'maxTokens' });
    expect(await limited('abcd')).toMatchObject({ blocks: [{ text: 'abcd' }], stop: 'endTurn' });
  });

  it('ends before the first stop sequence, and says which', async () => {
    const limited = (inferenceConfig: object) => answerOf(simulator, ask('one STOP two END', { inferenceConfig }));
    expect(await limited({ stopSequences: ['END', 'STOP', 'none'] })).toMatchObject({
      blocks: [{ text: 'one ' }],
      stop: 'stopSequence',
      stopSequence: 'STOP',
    });
    expect(await limited({ stopSequences: ['END'], maxTokens: 1 })).toMatchObject({ stop: 'maxTokens' });
  });

  it('does not end at a stop sequence that is empty', async () => {
    const exchange = ask('text', { inferenceConfig: { stopSequences: ['x'] } });
    const parts = exchange.parts.map((part) => (part.text === 'x' ? { ...part, text: '' } : part));
    expect(await answerOf(simulator, { ...exchange, parts })).toMatchObject({ stop: 'endTurn' });
  });

  it('comes in one batch when it is not streamed', async () => {
    const batches = await batchesOf(simulator, ask('hello there'));
    expect(batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([
      ['start', 'blockStart', 'delta', 'blockStop', 'stop', 'usage'],
    ]);
  });

  it('comes in deltas smaller than the values in it, several a batch', async () => {
    const batches = await batchesOf(simulator, stream('sim:leak-pii'));
    expect(deltas(batches).length).toBeGreaterThan(batches.length * 2);
    expect(deltas(batches).some((text) => text.includes('5105 1051'))).toBe(false);
    expect(deltas(batches).some((text) => text.includes('maria.lopez'))).toBe(false);
    expect(batches.at(-1)?.at(-1)?.kind).toBe('usage');
  });
});

describe('directives', () => {
  it('are read from the last user turn alone, and the first one counts', async () => {
    const turns = [
      { role: 'user', content: [{ text: 'sim:throttle' }] },
      { role: 'assistant', content: [{ text: 'sim:unavailable' }] },
      { role: 'user', content: [{ text: 'then' }, { text: 'sim:say this \nsim:throttle' }] },
    ];
    expect(await textOfAnswer(simulator, converse({ messages: turns }))).toBe('this');
  });

  it('are not read where the last turn brings a tool result, so that a loop of tool calls ends', async () => {
    const messages = [
      { role: 'user', content: [{ text: 'sim:tool-call' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'call_1', name: 'lookup', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [{ text: 'found' }] } }] },
    ];
    expect(await answerOf(simulator, converse({ messages }))).toMatchObject({ stop: 'endTurn' });
  });

  it.each(['sim:unknown', 'sim:says x', 'sim:leak-pii-later', 'sim'])('leave %j as it is', async (text) => {
    expect(await textOfAnswer(simulator, ask(text))).toBe(text);
  });

  it('are not read where there is no user turn', async () => {
    const messages = [{ role: 'assistant', content: [{ text: 'sim:throttle' }] }];
    expect(await textOfAnswer(simulator, converse({ messages }))).toBe('sim:throttle');
  });

  it('leak an address and a card number that passes the Luhn check', async () => {
    const text = await textOfAnswer(simulator, ask('sim:leak-pii'));
    const [card = ''] = /\d{4}(?: \d{4}){3}/.exec(text) ?? [];
    const digits = [...card.replaceAll(' ', '')].reverse().map(Number);
    const sum = digits.reduce(
      (total, digit, at) => total + (at % 2 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
      0,
    );
    expect(card).not.toBe('');
    expect(sum % 10).toBe(0);
    expect(text).toMatch(/\w+@\w+\.\w+/);
  });

  it('leak an access key id and a private key', async () => {
    const text = await textOfAnswer(simulator, ask('sim:leak-secret'));
    expect(text).toMatch(/\bAKIA[A-Z2-7]{16}\b/);
    expect(text).toMatch(/-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PRIVATE KEY-----/);
  });

  it('stream as many deltas as asked for, each after its time', async () => {
    const waits: number[] = [];
    const paced = createSimulator({ name: 'paced', sleep: async (milliseconds) => void waits.push(milliseconds) });
    const batches = await batchesOf(paced, stream('please sim:stream 200x20ms now'));
    expect(deltas(batches)).toHaveLength(200);
    expect(waits).toEqual(Array(200).fill(20));
    expect(batches).toHaveLength(201);
    expect(deltas(await batchesOf(paced, stream('sim:stream')))).toHaveLength(50);
  });

  it('wait not at all at a pace of 0, and as long in all when not streamed', async () => {
    const waits: number[] = [];
    const paced = createSimulator({ name: 'paced', sleep: async (milliseconds) => void waits.push(milliseconds) });
    expect(deltas(await batchesOf(paced, stream('sim:stream 30x0ms')))).toHaveLength(30);
    expect(waits).toEqual([]);
    const whole = await batchesOf(paced, ask('sim:stream 30x20ms'));
    expect(waits).toEqual([600]);
    expect(deltas(whole)).toHaveLength(1);
  });

  it('speak at length', async () => {
    expect((await textOfAnswer(simulator, ask('sim:long 321'))).split(' ')).toHaveLength(321);
    expect((await textOfAnswer(simulator, ask('sim:long'))).split(' ')).toHaveLength(1_000);
  });

  it('throttle and refuse before an answer begins', async () => {
    const throttled = simulator.invoke(await clear(ask('sim:throttle')), AbortSignal.any([]));
    await expect(throttled).rejects.toMatchObject({ code: 'upstreamThrottled', retryAfterSeconds: 1 });
    expect(await codeOf(batchesOf(simulator, ask('sim:unavailable')))).toBe('upstreamUnavailable');
  });

  it('break off after some deltas', async () => {
    const { events } = await simulator.invoke(await clear(stream('sim:die-mid-stream')), AbortSignal.any([]));
    const seen: AnswerEvent[] = [];
    const reading = (async () => {
      for await (const batch of events) seen.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstreamInterrupted' });
    expect(seen.filter(({ kind }) => kind === 'delta').length).toBeGreaterThan(20);
    expect(seen.some(({ kind }) => kind === 'stop' || kind === 'usage')).toBe(false);
    expect(await codeOf(batchesOf(simulator, ask('sim:die-mid-stream')))).toBe('upstreamInterrupted');
  });

  it('call the first tool, the chosen tool, or one named lookup', async () => {
    const spec = (name: string) => ({ toolSpec: { name, inputSchema: { json: {} } } });
    const call = async (toolConfig?: object) =>
      (await answerOf(simulator, ask('sim:tool-call', toolConfig && { toolConfig }))).blocks[0];
    const tools = [spec('first'), spec('second')];
    expect(await call({ tools })).toMatchObject({ kind: 'toolUse', id: 'call_1', name: 'first' });
    expect(await call({ tools, toolChoice: { tool: { name: 'second' } } })).toMatchObject({ name: 'second' });
    expect(await call()).toMatchObject({ name: 'lookup' });
  });

  it('call a tool with an address divided between fragments', async () => {
    const batches = await batchesOf(simulator, stream('sim:tool-call'));
    const { blocks, stop } = toAnswer(batches.flat());
    const [block] = blocks;
    expect(stop).toBe('toolUse');
    expect(JSON.parse(block?.kind === 'toolUse' ? block.arguments : '').to).toContain('@');
    expect(deltas(batches).length).toBeGreaterThan(2);
    expect(deltas(batches).some((text) => /\w@\w+\.\w/.test(text))).toBe(false);
  });

  it('number the calls of a conversation', async () => {
    const messages = [
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'call_1', name: 'lookup', input: {} } }] },
      { role: 'user', content: [{ text: 'sim:tool-call' }] },
    ];
    expect((await answerOf(simulator, converse({ messages }))).blocks[0]).toMatchObject({ id: 'call_2' });
  });
});

describe('cancelling', () => {
  it('is refused an answer at once', async () => {
    const reason = new Error('gone');
    const pending = simulator.invoke(await clear(ask('hello')), AbortSignal.abort(reason));
    await expect(pending).rejects.toMatchObject({ code: 'upstreamInterrupted', cause: reason });
  });

  it('ends a wait at once, and the iteration with it', async () => {
    const abort = new AbortController();
    const { events } = await simulator.invoke(await clear(stream('sim:stream 5x60000ms')), abort.signal);
    const iterator = events[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    abort.abort();
    await expect(next).rejects.toMatchObject({ code: 'upstreamInterrupted' });
    expect(await iterator.next()).toMatchObject({ done: true });
  });

  it.each(['sim:long 100', 'sim:stream 100x0ms'])('ends %s between two batches', async (text) => {
    const abort = new AbortController();
    const { events } = await simulator.invoke(await clear(stream(text)), abort.signal);
    let seen = 0;
    const reading = (async () => {
      for await (const _batch of events) {
        seen += 1;
        abort.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstreamInterrupted' });
    expect(seen).toBe(1);
  });

  it('ends an answer that has nothing to say', async () => {
    const abort = new AbortController();
    const { events } = await simulator.invoke(await clear(stream('sim:say')), abort.signal);
    abort.abort();
    await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'upstreamInterrupted' });
  });

  it('is all that ends a call which never answers', async () => {
    const pending = simulator.invoke(await clear(ask('sim:timeout')), AbortSignal.timeout(20));
    await expect(pending).rejects.toMatchObject({ code: 'upstreamTimeout' });
  });

  it('does not hide a fault of the sleep itself', async () => {
    const broken = createSimulator({ name: 'broken', sleep: () => Promise.reject(new GatewayError('internal')) });
    expect(await codeOf(batchesOf(broken, stream('sim:stream')))).toBe('internal');
  });
});

describe('embeddings', () => {
  const embed = (body: object) => exchangeOf(openaiProtocol, '/openai/v1/embeddings', { model: TITAN_EMBED, ...body });
  const length = (vector: readonly number[] = []) => Math.hypot(...vector);

  it('are of unit length, one for each input, and depend on the text alone', async () => {
    const { embeddings, usage } = await answerOf(simulator, embed({ input: ['one', 'two', 'one'] }));
    expect(embeddings.map((vector) => vector.length)).toEqual([1024, 1024, 1024]);
    expect(embeddings[0]).toEqual(embeddings[2]);
    expect(embeddings[0]).not.toEqual(embeddings[1]);
    expect(length(embeddings[0])).toBeCloseTo(1, 5);
    expect(usage).toEqual({ inputTokens: 3, outputTokens: 0 });
  });

  it.each([256, 512, 1024])('have %i dimensions where asked', async (dimensions) => {
    expect((await answerOf(simulator, embed({ input: 'x', dimensions }))).embeddings[0]).toHaveLength(dimensions);
  });

  it('are refused in other dimensions', async () => {
    expect(await codeOf(answerOf(simulator, embed({ input: 'x', dimensions: 100 })))).toBe('upstreamInvalid');
  });

  it('are not normalised where asked', async () => {
    const exchange = converse({ inputText: 'x', normalize: false }, 'invoke', TITAN_EMBED);
    expect(length((await answerOf(simulator, exchange)).embeddings[0])).toBeGreaterThan(2);
  });

  it('are exact in 32-bit floats, so that base64 carries the same numbers', async () => {
    const [vector = []] = (await answerOf(simulator, embed({ input: 'x' }))).embeddings;
    expect(vector.map(Math.fround)).toEqual(vector);
  });
});

describe('a provider', () => {
  it('takes nothing that the pipeline has not cleared', async () => {
    // The brand keeps an exchange from being passed by mistake; the check keeps one from being passed by a cast.
    expect(await codeOf(simulator.invoke(ask('hello') as Cleared, AbortSignal.any([])))).toBe('inspectionFailed');
    await simulator.close();
  });
});
