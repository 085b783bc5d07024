import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from './answer.ts';
import { toAnswer } from './gather.ts';

const text = (index: number, ...deltas: string[]): AnswerEvent[] => [
  { kind: 'blockStart', index, block: { kind: 'text' } },
  ...deltas.map((delta) => ({ kind: 'delta', index, text: delta }) as const),
  { kind: 'blockStop', index },
];

describe('toAnswer', () => {
  it('joins the deltas of each block and keeps the order in which blocks started', () => {
    const answer = toAnswer([
      { kind: 'start' },
      ...text(3, 'Hel', 'lo'),
      { kind: 'blockStart', index: 1, block: { kind: 'toolUse', id: 't1', name: 'lookup' } },
      { kind: 'delta', index: 1, text: '{"a":' },
      { kind: 'delta', index: 1, text: '1.0}' },
      { kind: 'blockStop', index: 1 },
      { kind: 'stop', reason: 'toolUse' },
      { kind: 'usage', usage: { inputTokens: 3, outputTokens: 5 } },
    ]);
    expect(answer).toEqual({
      blocks: [
        { kind: 'text', text: 'Hello' },
        { kind: 'toolUse', id: 't1', name: 'lookup', arguments: '{"a":1.0}' },
      ],
      embeddings: [],
      stop: 'toolUse',
      usage: { inputTokens: 3, outputTokens: 5 },
    });
  });

  it('gives a tool call without arguments an empty object', () => {
    const { blocks } = toAnswer([{ kind: 'blockStart', index: 0, block: { kind: 'toolUse', id: 'a', name: 'b' } }]);
    expect(blocks).toEqual([{ kind: 'toolUse', id: 'a', name: 'b', arguments: '{}' }]);
  });

  it('leaves out a delta of a block that never started', () => {
    expect(toAnswer([{ kind: 'delta', index: 0, text: 'stray' }]).blocks).toEqual([]);
  });

  it('makes nothing of an event it does not know in a block that started, and keeps a block it does not know', () => {
    const events = [...text(0, 'Hello'), { kind: 'image', index: 0, text: 'x' } as never];
    expect(toAnswer(events).blocks).toEqual([{ kind: 'text', text: 'Hello' }]);
    const start = { kind: 'blockStart', index: 0, block: { kind: 'image' } } as never;
    expect(toAnswer([start]).blocks).toEqual([{ kind: 'image' }]);
  });

  it('makes nothing of an event it does not know', () => {
    expect(toAnswer([{ kind: 'image', index: 0, text: 'x' } as never]).blocks).toEqual([]);
  });

  it('keeps the stop sequence, and puts embeddings by their index', () => {
    const answer = toAnswer([
      { kind: 'embedding', index: 1, vector: [3, 4] },
      { kind: 'embedding', index: 0, vector: [1, 2] },
      { kind: 'stop', reason: 'stopSequence', stopSequence: 'END' },
    ]);
    expect(answer).toEqual({
      blocks: [],
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      stop: 'stopSequence',
      stopSequence: 'END',
      usage: { inputTokens: 0, outputTokens: 0 },
    });
  });

  it('reads an answer without an end as one that ended its turn', () => {
    expect(toAnswer([])).toEqual({
      blocks: [],
      embeddings: [],
      stop: 'endTurn',
      usage: { inputTokens: 0, outputTokens: 0 },
    });
  });
});
