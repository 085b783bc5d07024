import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, parseJson } from '../../src/core/index.ts';
import { byteChanges, changeBytes, FUZZ_TIMEOUT_MS, fuzz } from './fuzzing.ts';

type Read = { readonly value: unknown } | { readonly refused: string };

/** What the gateway makes of a text; any error but its own fails the run. */
function read(text: string): Read {
  try {
    const document = parseJson(text);
    for (const node of nodesOf(document.value)) expect(JSON.parse(document.rawOf(node))).toStrictEqual(node);
    return { value: document.value };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'invalidRequest') throw error;
    return { refused: error.message };
  }
}

function readLoosely(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { refused: 'no JSON' };
  }
}

function nodesOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** Reasons for which the gateway refuses what `JSON.parse` takes. */
const STRICTER = /the same key twice|__proto__|lone surrogate|out of range|nested deeper/;

function expectAgreement(text: string): void {
  const mine = read(text);
  const theirs = readLoosely(text);
  if ('value' in mine) {
    expect(theirs).toStrictEqual(mine);
    expectOneReading(text, mine.value);
  } else if ('value' in theirs) expect(mine.refused).toMatch(STRICTER);
}

/** What no two readers can read differently: every key once, every number finite, every character whole. */
function expectOneReading(text: string, value: unknown): void {
  const keysOf = (json: string) => json.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length;
  const printed = JSON.stringify(value);
  expect(keysOf(text)).toBe(keysOf(printed));
  expect(printed.isWellFormed() && !/\\ud[89a-f]/.test(printed)).toBe(true);
  JSON.parse(text, (key, one: unknown) => {
    expect(key).not.toBe('__proto__');
    if (typeof one === 'number') expect(one).toSatisfy(Number.isFinite);
    return one;
  });
}

const tokens = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '"a"',
    '"\\u0061"',
    '"__proto__"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '\\',
    '\\u',
  ],
  ...[
    '0',
    '-0',
    '01',
    '1.',
    '.5',
    '1e5',
    '1e',
    '1E+400',
    '12345678901234567890',
    '-',
    '+',
    'true',
    'false',
    'null',
    'nul',
  ],
  ...[' ', '\n', '\t', '\r', '\u00a0', '\ufeff', '\u2028', '\u0000', '//', '/**/', "'a'", 'NaN', '\ud800'],
);

describe('the JSON reader', () => {
  it(
    'reads what JSON.parse reads, or refuses it for a reason that is one, in any soup of tokens',
    () => {
      const soup = fc.array(tokens, { maxLength: 24 }).map((list) => list.join(''));
      return fuzz(fc.property(soup, expectAgreement), 3_000, [
        '{"a":1,"a":2}',
        '[1e999]',
        '"\\ud800"',
        '{"__proto__":1}',
      ]);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'agrees with JSON.parse on JSON of which some bytes are changed',
    () => {
      const changed = fc
        .tuple(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), fc.constantFrom(0, 1), byteChanges)
        .map(([value, indent, changes]) =>
          changeBytes(Buffer.from(JSON.stringify(value, null, indent)), changes).toString(),
        );
      return fuzz(fc.property(changed, expectAgreement), 2_000);
    },
    FUZZ_TIMEOUT_MS,
  );

  it('is not brought down by depth', () => {
    for (const open of ['[', '{"a":', '[{"a":', '"', '\\']) expectAgreement(open.repeat(200_000));
  });
});
