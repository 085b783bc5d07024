import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../core/index.ts';
import { type AnswerStreamWriter, createAnswerStream } from './answer-stream.ts';

const spell: AnswerStreamWriter<string> = {
  start: () => ['start'],
  blockStart: ({ start, index, ordinal }) => [`+${start.kind} ${index} ${ordinal}`],
  delta: ({ index }, text) => [`${index}:${text}`],
  proof: ({ index }, proof) => [`${index}!${proof.kind}`],
  citation: ({ index }, { quotes }) => [`${index}"${quotes.join()}`],
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

  it('sends a proof behind all the text of its reasoning, half a character included', () => {
    const stream = createAnswerStream(spell);
    expect(
      stream.events([
        { kind: 'blockStart', index: 3, block: { kind: 'reasoning' } },
        { kind: 'delta', index: 3, text: 'hm\ud83d' },
        { kind: 'proof', index: 3, proof: { kind: 'sealed', token: 't' } },
        { kind: 'blockStop', index: 3 },
        { kind: 'blockStart', index: 4, block: { kind: 'reasoning' } },
        { kind: 'proof', index: 4, proof: { kind: 'sealed', token: 't' } },
        { kind: 'blockStop', index: 4 },
      ]),
    ).toEqual(['+reasoning 0 0', '0:hm', '0:\ud83d', '0!sealed', '-0', '+reasoning 1 1', '1!sealed', '-1']);
  });

  it('sends citations behind the text that rests on them, as many as there are, and tears no character apart', () => {
    const stream = createAnswerStream(spell);
    const cite = (quote: string): AnswerEvent => ({ kind: 'citation', index: 0, citation: { quotes: [quote] } });
    expect(
      stream.events([
        { kind: 'blockStart', index: 0, block: { kind: 'text' } },
        { kind: 'delta', index: 0, text: 'a\ud83d' },
        cite('x'),
        cite('y'),
        { kind: 'delta', index: 0, text: '\ude00b' },
        cite('z'),
        { kind: 'blockStop', index: 0 },
      ]),
    ).toEqual(['+text 0 0', '0:a', '0"x', '0"y', '0:😀b', '0"z', '-0']);
  });

  it('sends nothing of a block that it was not told of, or no longer', () => {
    const stream = createAnswerStream(spell);
    const strays: AnswerEvent[] = [
      { kind: 'delta', index: 0, text: 'x' },
      { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } },
      { kind: 'citation', index: 0, citation: { quotes: ['x'] } },
      { kind: 'blockStop', index: 0 },
    ];
    expect(stream.events(strays)).toEqual([]);
    const block: AnswerEvent[] = [
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'blockStop', index: 0 },
    ];
    expect(stream.events([...block, ...strays])).toEqual(['+text 0 0', '-0']);
  });

  it('has no place for vectors and for choices, which are told apart before', () => {
    const stream = createAnswerStream(spell);
    expect(
      stream.events([
        { kind: 'embedding', index: 0, vector: [1] },
        { kind: 'choice', choice: 1 },
      ]),
    ).toEqual([]);
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
