import { createRunFinder } from './token-run.ts';

/** The fewest characters of a key or of something encoded. */
export const LEAST_LONG = 15;
/** Characters that keys and encodings are made of. */
export const longRuns = createRunFinder(/[A-Za-z0-9._~+/=-]/);

/** Where the first long run begins, from an offset on; the text's length where there is none, as in prose. */
export function firstLong(text: string, from: number): number {
  return longRuns.next(text, from, LEAST_LONG)?.start ?? text.length;
}
