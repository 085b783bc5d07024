import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJson } from '../core/index.ts';
import { createJsonPlaces, placeOf } from './json-places.ts';

const placesOf = (text: string) => createJsonPlaces()(text);

describe('the places of a JSON text', () => {
  it.each([
    ['{"ab":"cd","e":["f",1,{"g":"h"},"i"],"j":null}', 'oonnooovvooonoooovoooooonooovoooovoooonooooooo'],
    ['"a\\n\\u0040b"', 'ovbsbeeeezvo'],
    ['{"\\"n":"\\\\"}', 'oobsnooobsoo'],
    ['```json\n["a"]', 'oooooooooovoo'],
  ])('of %j', (text, places) => {
    expect(placesOf(text)).toBe(places);
  });

  it('are the same in any division', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const places = createJsonPlaces();
        const at = cut % (text.length + 1);
        expect(places(text.slice(0, at)) + places(text.slice(at))).toBe(placesOf(text));
      }),
    );
  });

  it('tell where a tag leaves the JSON what it was', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.nat(), (text, from, length) => {
        const start = from % text.length;
        const end = Math.min(text.length, start + 1 + (length % 8));
        const { start: fitted, isFit } = placeOf(placesOf(text), start, end);
        if (isFit) expect(isJson(`${text.slice(0, fitted)}{EMAIL}${text.slice(end)}`)).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('tell that there is none in numbers, over the edge of a string, and within an escape', () => {
    const text = '{"a\\u0040":"b\\u0040c","d":12}';
    const judge = (start: number, end: number) => placeOf(placesOf(text), start, end);
    const at = text.indexOf('"b') + 1;
    expect(judge(at, at + 8)).toEqual({ start: at, isFit: true, isName: false });
    expect(judge(2, 9)).toEqual({ start: 2, isFit: true, isName: true });
    for (const [start, end] of [
      [at, at + 9],
      [at + 2, at + 8],
      [at, at + 4],
      [text.indexOf('12'), text.indexOf('12') + 2],
    ] as const) {
      expect(judge(start, end).isFit, text.slice(start, end)).toBe(false);
    }
  });
});
