import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.ts';
import { decodeUtf8, parseJson, readJsonString } from './json.ts';

/** JSON texts of any shape, printed with and without white space. */
const jsonText = fc
  .tuple(
    fc
      .jsonValue({ maxDepth: 6, stringUnit: 'binary' })
      .filter((value) => JSON.stringify(value).isWellFormed() && !JSON.stringify(value).includes('__proto__')),
    fc.constantFrom(undefined, 1, '\t', ' \r\n '),
  )
  .map(([value, indent]) => JSON.stringify(value, null, indent));

function refusal(text: string, limits?: { maxDepth: number }): string {
  try {
    parseJson(text, limits);
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'invalidRequest' });
    return String(error);
  }
  return 'accepted';
}

describe('parseJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(parseJson(text).value).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts nothing that JSON.parse refuses, whatever is broken in the text', () => {
    const broken = fc
      .tuple(
        jsonText,
        fc.nat(),
        fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', 'tru'),
      )
      .map(([text, at, insert]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + insert + text.slice(position + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        if (refusal(text) === 'accepted') expect(parseJson(text).value).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['', 'a value was expected'],
    ['  ', 'a value was expected'],
    ['nul', 'a value was expected'],
    ['+1', 'a value was expected'],
    ['NaN', 'a value was expected'],
    ["'a'", 'a value was expected'],
    ['[1,]', 'a value was expected'],
    ['01', 'text follows the end of the value'],
    ['1.', 'text follows the end of the value'],
    ['1 2', 'text follows the end of the value'],
    ['trueish', 'text follows the end of the value'],
    ['{}{}', 'text follows the end of the value'],
    ['1\u00a0', 'text follows the end of the value'],
    ['{a:1}', 'a key was expected'],
    ['{"a":1,}', 'a key was expected'],
    ['{"a" 1}', 'a colon was expected'],
    ['{"a":1 "b":2}', 'a comma was expected'],
    ['[1 2]', 'a comma was expected'],
    ['[1', 'a comma was expected'],
    ['{"a":1', 'a comma was expected'],
    ['{"a":1,"b":2,"a":3}', 'an object has the same key twice'],
    ['{"a":1,"\\u0061":2}', 'an object has the same key twice'],
    ['{"__proto__":{}}', 'the key `__proto__` is not accepted'],
    ['{"\\u005f_proto__":{}}', 'the key `__proto__` is not accepted'],
    ['1e400', 'a number is out of range'],
    ['[-1e999]', 'a number is out of range'],
    ['"\\ud800"', 'a string holds a lone surrogate'],
    ['"\\udc00\\ud800"', 'a string holds a lone surrogate'],
    ['{"\\ud83d":1}', 'a string holds a lone surrogate'],
    ['"\ud800"', 'a string holds a lone surrogate'],
    ['["\ud800","a"]', 'a string holds a lone surrogate'],
    ['"a', 'a string is not closed or holds a control character'],
    ['"', 'a string is not closed or holds a control character'],
    ['"a\\nb', 'a string is not closed or holds a control character'],
    ['"a\nb"', 'a string is not closed or holds a control character'],
    ['"\u0000"', 'a string is not closed or holds a control character'],
    ['"\\x41"', 'a string holds a broken escape'],
    ['"\\', 'a string holds a broken escape'],
    ['"\\u12', 'a string holds a broken escape'],
    ['"\\u00g1"', 'a string holds a broken escape'],
  ])('refuses %j', (text, reason) => {
    expect(refusal(text)).toContain(reason);
  });

  it('counts nesting over objects and arrays together and refuses what is deeper than the limit', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}null${'}]'.repeat(depth / 2)}`;
    expect(refusal(nested(64))).toBe('accepted');
    expect(refusal(`[${nested(64)}]`)).toContain('nested deeper than 64 levels');
    expect(refusal('[[1]]', { maxDepth: 1 })).toContain('nested deeper than 1 levels');
    expect(refusal('['.repeat(1_000_000))).toContain('nested deeper than 64 levels');
  });

  it('does not say what the text holds', () => {
    expect(refusal('{"secret":1,"secret":2}')).not.toContain('secret');
  });

  it('gives inherited names of objects no meaning', () => {
    expect(parseJson('{"constructor":1,"toString":2}').value).toEqual({ constructor: 1, toString: 2 });
  });

  it('keeps the raw text of every object and array', () => {
    const text = ' {"a" : [1.50, {"b":"\\u0041"}],"n":12345678901234567890} ';
    const { value, rawOf } = parseJson(text);
    const root = value as { a: [number, object] };
    expect(rawOf(root)).toBe(text.trim());
    expect(rawOf(root.a)).toBe('[1.50, {"b":"\\u0041"}]');
    expect(rawOf(root.a[1])).toBe('{"b":"\\u0041"}');
    expect(() => rawOf({})).toThrow(RangeError);
  });

  it('gives raw text that parses to the node it is of', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const { value, rawOf } = parseJson(text);
        const visit = (node: unknown): void => {
          if (typeof node !== 'object' || node === null) return;
          expect(JSON.parse(rawOf(node))).toStrictEqual(node);
          for (const child of Object.values(node)) visit(child);
        };
        visit(value);
      }),
    );
  });
});

describe('readJsonString', () => {
  it('reads a literal without escapes and needs no map for it', () => {
    expect(readJsonString('["abc"]', 1)).toEqual({ text: 'abc', end: 6 });
    expect(readJsonString('""', 0)).toEqual({ text: '', end: 2 });
  });

  it('says for each unit, and one past the last, where it is written', () => {
    const source = '["a\\n\\u00e9z\\"\\ud83d\\ude00",1]';
    const { text, end, offsets } = readJsonString(source, 1);
    expect(text).toBe('a\né' + 'z"😀');
    expect(source.slice(end)).toBe(',1]');
    const pieces = [...(offsets ?? [])].slice(0, -1).map((from, unit) => source.slice(from, offsets?.[unit + 1]));
    expect(pieces).toEqual(['a', '\\n', '\\u00e9', 'z', '\\"', '\\ud83d', '\\ude00']);
  });

  it('knows every escape of RFC 8259', () => {
    expect(readJsonString('"\\"\\\\\\/\\b\\f\\n\\r\\t"', 0).text).toBe('"\\/\b\f\n\r\t');
  });

  it('maps every stretch of a decoded text to a stretch of the literal that decodes to it', () => {
    const literal = fc.array(
      fc.constantFrom('a', 'é', '😀', '\\n', '\\\\', '\\"', '\\/', '\\u0041', '\\ud83d\\ude00'),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(literal, fc.nat(), fc.nat(), (pieces, one, other) => {
        const source = `"${pieces.join('')}"`;
        const { text, offsets } = readJsonString(source, 0);
        const rawAt = (unit: number) => offsets?.[unit] ?? unit + 1;
        const [from = 0, to = 0] = [one, other].map((n) => n % (text.length + 1)).sort((a, b) => a - b);
        const cut = JSON.parse(`"${source.slice(rawAt(from), rawAt(to))}"`);
        expect(cut).toBe(text.slice(from, to));
        expect(rawAt(text.length)).toBe(source.length - 1);
      }),
    );
  });
});

describe('decodeUtf8', () => {
  it('decodes what is well formed', () => {
    expect(decodeUtf8(Buffer.from('naïve 😀'))).toBe('naïve 😀');
  });

  it.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0x61, 0xe2, 0x82]],
    ['a stray continuation', [0x80]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow('not valid UTF-8');
  });

  it('begins each text anew after one that it refused', () => {
    expect(() => decodeUtf8(Uint8Array.from([0x61, 0xe2, 0x82]))).toThrow('not valid UTF-8');
    expect(() => decodeUtf8(Uint8Array.from([0xac]))).toThrow('not valid UTF-8');
    expect(decodeUtf8(Uint8Array.from([0x62]))).toBe('b');
  });

  it('refuses a byte order mark', () => {
    expect(() => decodeUtf8(Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toThrow('byte order mark');
  });
});
