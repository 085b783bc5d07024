import { describe, expect, it } from 'vitest';
import { type AnswerStreamWriter, createAnswerStream } from './answer-stream.ts';

const spell: AnswerStreamWriter<string> = {
  start: () => ['start'],
  blockStart: ({ start, index, ordinal }) => [`+${start.kind} ${index} ${ordinal}`],
  delta: ({ index }, text) => [`${index}:${text}`],
  blockStop: ({ index }) => [`-${index}`],
  stop: ({ reason, stopSequence, usage }) => [`${reason} ${stopSequence} ${usage.inputTokens}/${usage.outputTokens}`],
};
const call = { kind: 'toolUse', id: 'c', name: 'f' } as const;

describe('the stream of an answer', () => {
  it('numbers blocks without gaps, and among their kind', () => {
    const stream = createAnswerStream(spell);
    expect([
      ...stream.events([{ kind: 'start' }, { kind: 'blockStart', index: 5, block: { kind: 'text' } }]),
      ...stream.events([
        { kind: 'blockStop', index: 5 },
        { kind: 'blockStart', index: 7, block: call },
        { kind: 'delta', index: 7, text: '{}' },
        { kind: 'blockStart', index: 9, block: call },
        { kind: 'delta', index: 9, text: '[]' },
        { kind: 'delta', index: 7, text: '!' },
      ]),
    ]).toEqual(['start', '+text 0 0', '-0', '+toolUse 1 0', '1:{}', '+toolUse 2 1', '2:[]', '1:!']);
  });

  it('keeps why it stopped and what it cost for the end, in whichever order they came', () => {
    const stream = createAnswerStream(spell);
    const usage = { inputTokens: 3, outputTokens: 4 };
    expect(
      stream.events([
        { kind: 'usage', usage },
        { kind: 'stop', reason: 'stopSequence', stopSequence: 'E' },
      ]),
    ).toEqual([]);
    expect(stream.end()).toEqual(['stopSequence E 3/4']);
    expect(createAnswerStream(spell).end()).toEqual(['endTurn undefined 0/0']);
  });

  it('closes what was left open, with what was kept back', () => {
    const stream = createAnswerStream(spell);
    stream.events([
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text: '\ud83d' },
      { kind: 'blockStart', index: 1, block: call },
      { kind: 'stop', reason: 'guardrail' },
    ]);
    expect(stream.end()).toEqual(['0:\ud83d', '-0', '1:{}', '-1', 'guardrail undefined 0/0']);
  });

  it('gives a tool call without arguments the empty object, and an empty text nothing', () => {
    const stream = createAnswerStream(spell);
    expect(
      stream.events([
        { kind: 'blockStart', index: 0, block: call },
        { kind: 'delta', index: 0, text: '' },
        { kind: 'blockStop', index: 0 },
        { kind: 'blockStart', index: 1, block: { kind: 'text' } },
        { kind: 'blockStop', index: 1 },
      ]),
    ).toEqual(['+toolUse 0 0', '0:{}', '-0', '+text 1 0', '-1']);
  });
});
