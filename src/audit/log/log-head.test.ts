import { decode, encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { EMPTY_HEAD, type LogHead, parseLogHead, toHeadBytes } from './log-head.ts';

const head: LogHead = {
  size: 3,
  frontier: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)],
  writers: new Map([['0123456789abcdef', { counter: 3, previous: new Uint8Array(32).fill(3) }]]),
  checkpoint: 'log\n3\n…\n\n— log sig\n',
  staged: 'staging/abc',
};

describe("the log's head", () => {
  it('is read back as it was written', () => {
    for (const given of [head, EMPTY_HEAD]) expect(parseLogHead(toHeadBytes(given))).toStrictEqual(given);
  });

  it('keeps the order of its writers: who was heard of last comes last', () => {
    const position = { counter: 1, previous: new Uint8Array(32) };
    const writers = new Map(['cc', 'aa', 'bb'].map((writer) => [writer, position] as const));
    expect([...parseLogHead(toHeadBytes({ ...head, writers })).writers.keys()]).toEqual(['cc', 'aa', 'bb']);
  });

  it.each<[string, number, unknown]>([
    ['another version', 0, 2],
    ['a size that is no count', 1, -1],
    ['a frontier that is no list', 2, 0],
    ['a frontier of what is no hash', 2, [new Uint8Array(31)]],
    ['writers that are no list', 3, 'x'],
    ['a writer that is no list', 3, ['x']],
    ['a writer without a name', 3, [[1, 1, new Uint8Array(32)]]],
    ['a writer without a counter', 3, [['a', 'x', new Uint8Array(32)]]],
    ['a writer without a hash', 3, [['a', 1, new Uint8Array(3)]]],
    ['a checkpoint that is no text', 4, 1],
    ['no name of what was staged', 5, null],
    ['one item too many', 6, 0],
  ])('with %s is refused', (_, at, value) => {
    const items: unknown[] = decode(toHeadBytes(head));
    items[at] = value;
    expect(() => parseLogHead(encode(items))).toThrow('not one of this version');
  });

  it('that is no list is refused', () => {
    expect(() => parseLogHead(encode({}))).toThrow('not one of this version');
  });
});
