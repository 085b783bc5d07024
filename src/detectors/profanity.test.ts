import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { detectorSuite } from './detector.suite.ts';
import { profanityDetector } from './profanity.ts';
import { scanText } from './scanner.ts';

detectorSuite(profanityDetector, {
  finds: [
    'what the ⟦fuck⟧',
    '⟦Bullshit⟧!',
    'you ⟦SH1T⟧, you ⟦a$$hole⟧',
    '⟦f\u200buck⟧',
    '⟦ｓｈｉｔ⟧',
    'you ⟦son  of a bitch⟧',
    '⟦motherfvckers⟧',
  ],
  passes: [
    'Scunthorpe, Penistone and Essex',
    'a cocktail, a classic assessment of the basement',
    'Dickens, Hancock and Babcock',
    'the assassin passed the grass',
    'call 455 or 5455, room 4455',
    'shiitake, shitake, pass the Shih Tzu',
    'analysis and analogue',
    'country, count, and accountant',
  ],
  hostile: ['fuc', 'motherfuck', 'as', 'son of a ', 'sh1'],
});

// Public data that is measured on and never shipped; where it is not at hand, these tests are skipped.
const shared = resolve(import.meta.dirname, '../../../shared/data');
const list = resolve(shared, 'wordlists/profanity.jsonl');
const texts = resolve(shared, 'eval/moderation.jsonl');
const listRow = z.object({ text: z.string(), severity: z.number().optional() });
const textRow = z.object({ text: z.string(), source: z.string() });
const readRows = <T>(file: string, row: z.ZodType<T>): readonly T[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => row.parse(JSON.parse(line)))
    : [];

describe.skipIf(!existsSync(list))('on a public list of profanity', () => {
  const share = (rows: readonly { readonly text: string }[]) =>
    rows.filter(({ text }) => scanText([profanityDetector], text).length > 0).length / rows.length;

  it.each([
    [1, 0.4],
    [2, 0.65],
    [3, 0.75],
  ])('finds most of what is severe: of severity %d at least %f', (severity, least) => {
    const rows = readRows(list, listRow).filter((row) => Math.floor(row.severity ?? 0) === severity);
    expect(share(rows)).toBeGreaterThanOrEqual(least);
  });

  it('finds nothing in what customers ask their bank', () => {
    expect(share(readRows(texts, textRow).filter(({ source }) => source.includes('banking77')))).toBe(0);
  });
});
