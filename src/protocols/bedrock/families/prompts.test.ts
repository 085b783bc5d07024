import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerEvent, parseModelId, type StopReason, toAnswer } from '../../../core/index.ts';
import { codeOf, itReadsEverything } from '../../protocol.suite.ts';
import { createdAt, requestId } from '../../served.suite.ts';
import { chunkOf, protocolFor, read, readFrames } from '../wire.suite.ts';

type Chunk = Readonly<Record<string, unknown>>;

/** A format of one prompt and one text: what it takes, and how its answers look. */
interface Format {
  readonly model: string;
  readonly body: Readonly<Record<string, string | number | boolean | readonly string[]>> & { readonly prompt: string };
  readonly inference: object;
  whole(text: string, reason: string): unknown;
  textOf(chunk: Chunk): unknown;
  reasonOf(chunk: Chunk): unknown;
  readonly reasons: readonly (readonly [StopReason, string])[];
}

const sampling = { maxTokens: 64, temperature: 0.5, topP: 0.9 };
const stopOrLength = [
  ['endTurn', 'stop'],
  ['stopSequence', 'stop'],
  ['maxTokens', 'length'],
  ['contextWindow', 'length'],
] as const;
const first = (chunk: Chunk, list: string) => Object([chunk[list]].flat()[0]);

const formats: readonly Format[] = [
  {
    model: 'us.meta.llama3-3-70b-instruct-v1:0',
    body: { prompt: '<|begin_of_text|>hello', max_gen_len: 64, temperature: 0.5, top_p: 0.9 },
    inference: sampling,
    whole: (generation, stop_reason) => ({ generation, prompt_token_count: 3, generation_token_count: 4, stop_reason }),
    textOf: ({ generation }) => generation,
    reasonOf: ({ stop_reason }) => stop_reason,
    reasons: stopOrLength,
  },
  {
    model: 'mistral.mixtral-8x7b-instruct-v0:1',
    body: { prompt: '<s>[INST] hello [/INST]', max_tokens: 64, temperature: 0.5, top_p: 0.9, top_k: 5, stop: ['END'] },
    inference: { ...sampling, topK: 5, stopSequences: [1] },
    whole: (text, stop_reason) => ({ outputs: [{ text, stop_reason }] }),
    textOf: (chunk) => first(chunk, 'outputs').text,
    reasonOf: (chunk) => first(chunk, 'outputs').stop_reason,
    reasons: stopOrLength,
  },
  {
    model: 'us.deepseek.r1-v1:0',
    body: { prompt: 'hello<think>', max_tokens: 64, temperature: 0.5, top_p: 0.9, stop: ['END'] },
    inference: { ...sampling, stopSequences: [1] },
    whole: (text, stop_reason) => ({ choices: [{ text, stop_reason }] }),
    textOf: (chunk) => first(chunk, 'choices').text,
    reasonOf: (chunk) => first(chunk, 'choices').stop_reason,
    reasons: stopOrLength,
  },
  {
    model: 'cohere.command-text-v14',
    body: { prompt: 'hello', max_tokens: 64, temperature: 0.5, p: 0.9, k: 5, stop_sequences: ['END'] },
    inference: { ...sampling, topK: 5, stopSequences: [1] },
    whole: (text, finish_reason) => ({ generations: [{ finish_reason, id: requestId, text }], id: requestId }),
    textOf: (chunk) => first(chunk, 'generations').text,
    reasonOf: (chunk) => first(chunk, 'generations').finish_reason,
    reasons: [
      ['endTurn', 'COMPLETE'],
      ['stopSequence', 'COMPLETE'],
      ['maxTokens', 'MAX_TOKENS'],
      ['contextWindow', 'ERROR_LIMIT'],
      ['contentFilter', 'ERROR_TOXIC'],
    ],
  },
  {
    model: 'cohere.command-light-text-v14',
    body: { prompt: 'hello', stream: true },
    inference: {},
    whole: (text, finish_reason) => ({ generations: [{ finish_reason, id: requestId, text }], id: requestId }),
    textOf: ({ text }) => text,
    reasonOf: ({ is_finished, finish_reason }) => (is_finished === true ? finish_reason : null),
    reasons: [['maxTokens', 'MAX_TOKENS']],
  },
];

function events(stop: StopReason, ...texts: readonly string[]): readonly AnswerEvent[] {
  return [
    { kind: 'start' },
    { kind: 'blockStart', index: 0, block: { kind: 'text' } },
    ...texts.map((text): AnswerEvent => ({ kind: 'delta', index: 0, text })),
    { kind: 'blockStop', index: 0 },
    { kind: 'stop', reason: stop },
    { kind: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
  ];
}

/** Answers in which something stands that no text can say. */
const unsayable: readonly (readonly AnswerEvent[])[] = [
  [{ kind: 'blockStart', index: 0, block: { kind: 'toolUse', id: 'a', name: 'n' } }],
  [{ kind: 'blockStart', index: 0, block: { kind: 'reasoning' } }],
  [...events('endTurn', 'x').slice(0, 3), { kind: 'citation', index: 0, citation: { quotes: [] } }],
];

describe.each(formats)('InvokeModel for $model', ({ model, body, inference, ...format }) => {
  const createReply = (operation: string) =>
    read(operation, model, body).createReply({ requestId, createdAt, model: parseModelId(model) });
  const wholeOf = (answer: readonly AnswerEvent[]) =>
    JSON.parse(Buffer.from(createReply('InvokeModel').whole(toAnswer(answer), 1).body).toString());
  const chunksOf = (answer: readonly AnswerEvent[]): readonly Chunk[] => {
    const writer = createReply('InvokeModelWithResponseStream');
    return readFrames(Buffer.concat([writer.events(answer, 1), writer.end(2)])).map((frame) =>
      JSON.parse(chunkOf(frame)),
    );
  };

  // The suite wants a body with more than one text.
  if (Object.values(body).some(Array.isArray)) {
    itReadsEverything({ protocol: protocolFor(model), operation: 'InvokeModel', body, raw: [], maps: [] });
  }

  it('refuses what it does not know, and numbers that are texts', () => {
    expect(codeOf(() => read('InvokeModel', model, { ...body, unknown: 1 }))).toBe('invalidRequest');
    for (const name of Object.keys(body).filter((name) => name !== 'prompt')) {
      expect([name, codeOf(() => read('InvokeModel', model, { ...body, [name]: 'text' }))]).toEqual([
        name,
        'invalidRequest',
      ]);
    }
  });

  it('reads a prompt to complete, as it stands', () => {
    const { request, parts } = read('InvokeModel', model, body);
    expect(request).toEqual({ kind: 'completion', prompt: 0, inference });
    expect(parts[0]).toEqual({ kind: 'text', origin: 'user', path: '/prompt', text: body.prompt });
    expect(read('InvokeModel', model, { prompt: 'x' }).request).toMatchObject({ inference: {} });
    expect(codeOf(() => read('InvokeModel', model, { ...body, prompt: '' }))).toBe('invalidRequest');
  });

  it.each(format.reasons)('answers whole and in chunks; %s is %s', (stop, reason) => {
    expect(wholeOf(events(stop, 'h', 'i'))).toEqual(format.whole('hi', reason));
    const chunks = chunksOf(events(stop, 'h', 'i'));
    expect(chunks.map(format.textOf)).toEqual(['h', 'i', '']);
    expect(chunks.map(format.reasonOf)).toEqual([null, null, reason]);
    expect(chunks.at(-1)).toMatchObject({
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 3, outputTokenCount: 4 },
    });
  });

  it('gives the same text whole and streamed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), (texts) => {
        const answer = events('endTurn', ...texts);
        const whole = wholeOf(answer);
        expect(chunksOf(answer).map(format.textOf).join('')).toBe(
          format.textOf(whole) ?? first(whole, 'generations').text,
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each(unsayable)('fails rather than leave something out of an answer', (...answer) => {
    expect(codeOf(() => wholeOf(answer))).toBe('upstreamFailed');
    expect(codeOf(() => chunksOf(answer))).toBe('upstreamFailed');
  });

  it('fails on a proof of reasoning too', () => {
    const proof: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } };
    expect(codeOf(() => chunksOf([...events('endTurn', 'x').slice(0, 3), proof]))).toBe('upstreamFailed');
  });
});

describe('what formats of one prompt refuse', () => {
  it.each([
    ['meta.llama3-2-11b-instruct-v1:0', { images: ['aGk='] }, 'uninspectable'],
    ['cohere.command-text-v14', { num_generations: 2 }, 'unsupported'],
    ['cohere.command-text-v14', { return_likelihoods: 'ALL' }, 'unsupported'],
    ['cohere.command-text-v14', { logit_bias: { '11': -10 } }, 'unsupported'],
    ['cohere.command-text-v14', { truncate: 'START' }, 'unsupported'],
    ['cohere.command-text-v14', { num_generations: 1, return_likelihoods: 'NONE', truncate: 'NONE' }, undefined],
    ['mistral.mistral-7b-instruct-v0:2', { messages: [] }, 'invalidRequest'],
    ['mistral.mistral-7b-instruct-v0:2', { stop: 'END' }, 'invalidRequest'],
    ['deepseek.r1-v1:0', { temperature: 1.1 }, 'invalidRequest'],
  ])('for %s: %j', (model, extra, code) => {
    expect(codeOf(() => read('InvokeModel', model, { prompt: 'x', ...extra }))).toBe(code);
  });
});
