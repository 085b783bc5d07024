import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectors } from './detectors.ts';
import { encodings } from './encodings.suite.ts';
import { createRunScanner, scanRun } from './scan-run.ts';
import { scanText } from './scanner.ts';

const all = Object.values(detectors);
const KEY = ['AKIA', 'QYLPMN5HFIQR7XYA'].join('');
const VALUES = ['jane.doe@example.com', '4111 1111 1111 1111', '4111111111111111', KEY, 'DE89 3704 0044 0532 0130 00'];

const found = (...texts: readonly string[]) =>
  scanRun(all, texts.entries()).map(([at, spans]) => spans.map(({ start, end }) => texts[at]?.slice(start, end)));

describe('a run of texts', () => {
  it.each(VALUES)('shows %j wherever it is divided, as a finding in each text that holds a part of it', (value) => {
    for (let at = 1; at < value.length; at += 1) {
      const [first, second] = [value.slice(0, at), value.slice(at)];
      if (first === 'jane.doe@example.co') continue;
      expect(found(`It is ${first}`, `${second} .`), first).toEqual([[first], [second]]);
    }
  });

  it('shows a value of many texts, and one that is divided at a space', () => {
    expect(found(...'4111111111111111')).toEqual([...'4111111111111111'].map((digit) => [digit]));
    expect(found('4111', '1111', '1111', '1111')).toEqual([['4111'], ['1111'], ['1111'], ['1111']]);
    expect(found('4111 1111', '1111 1111')).toEqual([['4111 1111'], ['1111 1111']]);
    expect(found('the password is', 'hunter2horse')).toEqual([[], ['hunter2horse']]);
    expect(found('jane.doe@exa', '', 'mple.com')).toEqual([['jane.doe@exa'], [], ['mple.com']]);
  });

  it('shows a value that stands alone in its text, whatever is written against it', () => {
    for (const value of VALUES) {
      const [first, second, third] = found('The answer is 4', value, '7x') ?? [];
      expect(second, value).toEqual([value]);
      expect([first, third].flat().length).toBeLessThanOrEqual(2);
    }
  });

  it('leaves alone the word behind an address that ends with its text', () => {
    const address = 'jane.doe@example.com';
    expect(found(`Write to ${address}`, 'what is this?')).toEqual([[address], []]);
    expect(found(address, 'what is it?', address)).toEqual([[address], [], [address]]);
    expect(found(address, '', '.what')).toEqual([[address], [], []]);
    expect(found('Write to me', `${address} or not`)).toEqual([['me'], [address]]);
  });

  it('shows what is divided within an escape or something encoded', () => {
    const base64 = encodings.base64('jane.doe@example.com');
    expect(found(base64.slice(0, 13), base64.slice(13))).toEqual([[base64.slice(0, 13)], [base64.slice(13)]]);
    expect(found('jane.doe\\u0040exam', 'ple.com')).toEqual([['jane.doe\\u0040exam'], ['ple.com']]);
  });

  it('goes on with a text as if it had come at once', () => {
    const scanner = createRunScanner<string>(all);
    expect(() => scanner.more('x')).toThrow(RangeError);
    scanner.push('a', 'Write to jane.d');
    scanner.more('oe@exam');
    scanner.push('b', 'ple.com now');
    expect(scanner.end().map(([key, spans]) => [key, spans.map(({ start, end }) => [start, end])])).toEqual([
      ['a', [[9, 22]]],
      ['b', [[0, 7]]],
    ]);
  });

  it('makes no value of sentences', () => {
    expect(found('The year is 2024.', '555 people came.', 'Call it 12', '34 or so')).toEqual([[], [], [], []]);
    expect(found()).toEqual([]);
  });

  it('shows at least what each text shows by itself', () => {
    const text = fc
      .array(
        fc.oneof(fc.constantFrom(...VALUES, '4', 'a', ' ', '.', '@', '-', '\n', '\u200b'), fc.lorem({ maxCount: 2 })),
        {
          maxLength: 4,
        },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const inRun = new Map(scanRun(all, texts.entries()));
        for (const [at, alone] of texts.entries()) {
          for (const { start, end } of scanText(all, alone)) {
            const covered = inRun.get(at)?.filter((span) => span.start < end && start < span.end) ?? [];
            expect(Math.min(...covered.map((span) => span.start)), JSON.stringify(texts)).toBeLessThanOrEqual(start);
            expect(Math.max(...covered.map((span) => span.end)), JSON.stringify(texts)).toBeGreaterThanOrEqual(end);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
