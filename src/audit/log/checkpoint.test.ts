import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCheckpoint, toCheckpoint } from './checkpoint.ts';

const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const example = `example.com/behind-the-sofa\n20852163\n${root}\n`;
const line = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));

describe('a checkpoint', () => {
  it('is as C2SP tlog-checkpoint has it', () => {
    const parsed = parseCheckpoint(example);
    expect(parsed).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Uint8Array.from(Buffer.from(root, 'base64')),
    });
    expect(toCheckpoint(parsed)).toBe(example);
    expect(parseCheckpoint(`a log, with spaces\n0\n${root}\n`)).toMatchObject({
      origin: 'a log, with spaces',
      size: 0,
    });
  });

  it('is read as it was written', () => {
    const checkpoint = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { minLength: 1 }),
    });
    fc.assert(
      fc.property(checkpoint, (given) => {
        expect(parseCheckpoint(toCheckpoint(given))).toEqual(given);
        const { extensions: _, ...plain } = given;
        expect(parseCheckpoint(toCheckpoint(plain))).toEqual(plain);
      }),
    );
  });

  it('is written in one way', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .record({ at: fc.nat(example.length - 1), by: fc.constantFrom('', '\n', ' ', '0', '=', 'A', '\r', '-', '١') })
        .map(({ at, by }) => example.slice(0, at) + by + example.slice(at + 1)),
    );
    fc.assert(
      fc.property(text, (given) => {
        let parsed: ReturnType<typeof parseCheckpoint>;
        try {
          parsed = parseCheckpoint(given);
        } catch {
          return;
        }
        expect(toCheckpoint(parsed)).toBe(given);
      }),
    );
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no root', 'origin\n1\n'],
    ['no line feed at its end', example.slice(0, -1)],
    ['an empty origin', `\n1\n${root}\n`],
    ['an empty size', `origin\n\n${root}\n`],
    ['a zero before its size', `origin\n01\n${root}\n`],
    ['a size with a sign', `origin\n+1\n${root}\n`],
    ['a size below zero', `origin\n-1\n${root}\n`],
    ['a size with a space', `origin\n1 \n${root}\n`],
    ['a size in another notation', `origin\n1e3\n${root}\n`],
    ['a size that numbers cannot tell from the next', `origin\n9007199254740992\n${root}\n`],
    ['a size of 17 digits', `origin\n10000000000000000\n${root}\n`],
    ['a root of 31 bytes', `origin\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root of 33 bytes', `origin\n1\n${Buffer.alloc(33).toString('base64')}\n`],
    ['a root without its padding', `origin\n1\n${root.slice(0, -1)}\n`],
    ['a root with loose bits', `origin\n1\n${root.replace('2I=', '2J=')}\n`],
    ['a root in the other alphabet', `origin\n1\n${root.replace('/', '_')}\n`],
    ['a carriage return', `origin\n1\n${root}\r\n`],
    ['an empty line', `${example}\n`],
    ['an empty line before an extension', `${example}\nextension\n`],
    ['an extension without a line feed', `${example}extension`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow('not a checkpoint');
  });
});
