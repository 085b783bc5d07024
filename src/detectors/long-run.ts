import type { Reading } from './detector.ts';
import { createRunFinder, type Run } from './token-run.ts';

/** The fewest characters of a key or of something encoded. */
export const LEAST_LONG = 15;

const characters = createRunFinder(/[A-Za-z0-9._~+/=-]/);

interface Known {
  readonly from: number;
  readonly run: Run | undefined;
}

/** What was found in a reading: several rules ask the same of each, and in prose the answer is none. */
const KNOWN = new WeakMap<Reading, Known>();

/** The first long run, from an offset on, of characters that keys and encodings are made of. */
export function longRun(reading: Reading, from: number): Run | undefined {
  const known = KNOWN.get(reading);
  if (known !== undefined && known.from <= from && (known.run === undefined || known.run.start >= from))
    return known.run;
  const run = characters.next(reading.text, from, LEAST_LONG);
  KNOWN.set(reading, { from, run });
  return run;
}
