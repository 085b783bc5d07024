import { describe, expect, it } from 'vitest';
import type { PartIndex } from '../../core/index.ts';
import { parseEmbeddingsAnswer } from './embeddings-answer.ts';

const inputs = [0 as PartIndex, 1 as PartIndex];
const request = { kind: 'embedding', inputs } as const;
const usage = { prompt_tokens: 4, total_tokens: 4 };
const data = [
  { index: 0, embedding: [1, 2] },
  { index: 1, embedding: [3, 4] },
];

describe('an embeddings answer', () => {
  it('gives a vector for each input, in the order of the inputs, and the tokens', () => {
    expect(parseEmbeddingsAnswer({ data: data.toReversed(), usage }, request).events).toEqual([
      { kind: 'start' },
      { kind: 'embedding', index: 0, vector: [1, 2] },
      { kind: 'embedding', index: 1, vector: [3, 4] },
      { kind: 'stop', reason: 'endTurn' },
      { kind: 'usage', usage: { inputTokens: 4, outputTokens: 0 } },
    ]);
  });

  it('may leave places and tokens unsaid', () => {
    const unsaid = data.map(({ embedding }) => ({ embedding }));
    expect(parseEmbeddingsAnswer({ data: unsaid }, request).events).toHaveLength(4);
  });

  it.each([
    ['an error', { error: { message: 'no' }, data, usage }],
    ['no list', { data: {}, usage }],
    ['too few', { data: data.slice(1), usage }],
    ['too many', { data: [...data, { index: 2, embedding: [5, 6] }], usage }],
    ['two for one input', { data: [data[0], data[0]], usage }],
    ['one before the first', { data: [data[0], { index: -1, embedding: [3, 4] }], usage }],
    ['one past the last', { data: [data[0], { index: 2, embedding: [3, 4] }], usage }],
    ['one between two', { data: [data[0], { index: 0.5, embedding: [3, 4] }], usage }],
    ['a place that is no number', { data: [data[0], { index: '1', embedding: [3, 4] }], usage }],
    ['vectors of different lengths', { data: [data[0], { index: 1, embedding: [3] }], usage }],
    ['an empty vector', { data: data.map(({ index }) => ({ index, embedding: [] })), usage }],
    ['base64', { data: data.map(({ index }) => ({ index, embedding: 'AACAPw==' })), usage }],
    ['text in a vector', { data: [data[0], { index: 1, embedding: [3, '4'] }], usage }],
    ['a number out of range', { data: [data[0], { index: 1, embedding: [3, Number.POSITIVE_INFINITY] }], usage }],
    ['no object', 'embeddings'],
  ])('is refused with %s', (_, value) => {
    expect(() => parseEmbeddingsAnswer(value, request)).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('is refused with vectors of another length than was asked for', () => {
    const sized = (dimensions: number) => parseEmbeddingsAnswer({ data, usage }, { ...request, dimensions });
    expect(sized(2).events).toHaveLength(5);
    expect(() => sized(3)).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });
});
