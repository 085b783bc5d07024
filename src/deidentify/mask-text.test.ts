import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FindingType, findingTypes, parseJson, type Span } from '../core/index.ts';
import { detectors, scanPart } from '../detectors/index.ts';
import { maskText } from './mask-text.ts';
import { plantedTexts } from './planted-texts.suite.ts';

const all = Object.values(detectors);
const span = (start: number, end: number, type: FindingType = 'EMAIL'): Span => ({
  start,
  end,
  type,
  detector: 'test',
});
const maskAll = (kind: 'text' | 'json', text: string) => maskText(text, scanPart(all, { kind, text }), kind);

describe('maskText', () => {
  it('puts the tag of its type in the place of each span', () => {
    expect(maskText('to a@b.c or 5', [span(3, 8), span(12, 13, 'PHONE')], 'text')).toBe('to {EMAIL} or {PHONE}');
    expect(maskText('abcd', [span(0, 2), span(2, 4)], 'text')).toBe('{EMAIL}{EMAIL}');
  });

  it('takes hidden text out', () => {
    expect(maskText('a\u200b\u200bb', [span(1, 3, 'HIDDEN_TEXT')], 'text')).toBe('ab');
  });

  it('gives back the very text where there is nothing to mask', () => {
    expect(maskText('abc', [], 'identifier')).toBe('abc');
  });

  it('does not rewrite an identifier', () => {
    expect(maskText('a@b.c', [span(0, 5)], 'identifier')).toBeUndefined();
  });

  it.each([
    ['overlap', [span(0, 3), span(2, 4)]],
    ['descend', [span(3, 4), span(0, 1)]],
    ['run backwards', [span(3, 2)]],
    ['go past the end', [span(3, 6)]],
  ])('masks nothing where spans %s', (_name, spans) => {
    expect(maskText('abcde', spans, 'text')).toBeUndefined();
  });
});

describe('masking JSON', () => {
  it('edits the raw text of strings and keys and nothing else', () => {
    const json = '{ "a@b.c" : 1.50, "x":["\\u0061 a@b.c\\n", true]}';
    const at = json.lastIndexOf('a@b.c');
    expect(maskText(json, [span(3, 8), span(at, at + 5)], 'json')).toBe(
      '{ "{EMAIL}" : 1.50, "x":["\\u0061 {EMAIL}\\n", true]}',
    );
  });

  it.each([
    ['a number', '{"n":4111111111111111}', [span(5, 21)]],
    ['a number that stands alone', '4111111111111111', [span(0, 16)]],
    ['a number behind strings', '{"n":"a","m":123456}', [span(6, 7), span(13, 19)]],
    ['a quote', '{"n":"abc"}', [span(5, 8)]],
    ['a closing quote', '{"n":"abc"}', [span(7, 10)]],
    ['two strings at once', '["abc","def"]', [span(3, 10)]],
    ['what stands between strings', '[1,"abc"]', [span(1, 3, 'HIDDEN_TEXT')]],
    ['half an escape', '["\\u0041\\u0042"]', [span(2, 6)]],
    ['half a pair of surrogates', '["\\ud83d\\ude00"]', [span(2, 8)]],
  ])('does not rewrite %s', (_name, json, spans) => {
    expect(maskText(json, spans, 'json')).toBeUndefined();
  });

  it('does not make one key of two', () => {
    expect(maskText('{"a@b.c":1,"d@e.f":2}', [span(2, 7), span(12, 17)], 'json')).toBeUndefined();
    expect(maskText('[{"a@b.c":1},{"d@e.f":2}]', [span(3, 8), span(15, 20)], 'json')).toBe(
      '[{"{EMAIL}":1},{"{EMAIL}":2}]',
    );
  });

  it('masks values written with escapes', () => {
    expect(maskAll('json', '{"to":"jane.doe\\u0040example.com\\n"}')).toBe('{"to":"{EMAIL}\\n"}');
  });

  it('masks many strings in one pass', () => {
    const strings = Array.from({ length: 20_000 }, () => '"\\tjane.doe@example.com"');
    const started = process.cpuUsage().user;
    expect(maskAll('json', `[${strings.join(',')}]`)).toBe(`[${strings.map(() => '"\\t{EMAIL}"').join(',')}]`);
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });
});

describe('what has been masked', () => {
  it('is JSON of the same structure', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'string'
        ? ''
        : Array.isArray(value)
          ? value.map(shape)
          : typeof value === 'object' && value !== null
            ? Object.values(value).map(shape)
            : value;
    const object = fc.dictionary(plantedTexts, plantedTexts, { maxKeys: 3, noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(plantedTexts, object), { maxLength: 4 }), fc.boolean(), (value, isEscaped) => {
        const plain = JSON.stringify(value);
        const json = isEscaped
          ? plain.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          : plain;
        const masked = maskAll('json', json);
        // Only keys that would become the same tag cannot be masked here.
        fc.pre(masked !== undefined);
        expect(shape(parseJson(masked).value)).toEqual(shape(value));
      }),
      { numRuns: 300 },
    );
  });

  it('names every type of finding in a form no detector takes for a finding', () => {
    for (const type of findingTypes) {
      for (const text of [
        `{${type}}`,
        `password = {${type}}`,
        `Bearer {${type}}`,
        `x@{${type}}.com {${type}}{${type}}`,
      ]) {
        expect(scanPart(all, { kind: 'text', text }), text).toEqual([]);
      }
    }
  });
});
