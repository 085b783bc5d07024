import type { FindingType } from '../core/index.ts';
import type { Cue } from './cue.ts';

/** The text a rule looks at: a window of the whole, its first units being context that was looked at before. */
export interface Reading {
  readonly text: string;
  /** Classes of characters (`character-class.ts`) that may occur in `text`; one that is not named does not occur. */
  readonly classes: number;
  /** No more text will come, so that everything can be decided. */
  readonly isEnd: boolean;
  /** From where any rule goes on, no long run (`long-run.ts`) begins before this offset. Found once for all rules. */
  readonly firstLong?: number;
}

/** Takes a match: offsets in `Reading.text`, end exclusive. `as` overrides whose finding it is. */
export type Report = (start: number, end: number, as?: Detector) => void;

/**
 * One way to find something.
 *
 * INVARIANT: what has been reported, and the offset returned, depend only on the text from its beginning to the end
 * of the reading, never on how that text was divided. Hence any chunking of a stream gives the same findings.
 */
export interface Rule {
  /** `view`: the normalised text. `raw`: the text as it was sent. */
  readonly reads: 'view' | 'raw';
  /**
   * One rule for many detectors, each of which has it: it is run once, names a detector with each report, and what it
   * reports of a detector that is not looked for is dropped.
   */
  readonly isShared?: true;
  /**
   * Reports each match that begins at `from` or later and that no further text can change. Returns the offset before
   * which nothing can begin any more that has not been reported: the next reading goes on from there.
   */
  scan(reading: Reading, from: number, report: Report): number;
}

/** Finds one type of personal data, credential or attack. */
export interface Detector {
  readonly name: string;
  readonly type: FindingType;
  readonly rules: readonly Rule[];
  /** What it finds behind words that name it. */
  readonly cues?: readonly Cue[];
  /**
   * A match that is whole where a block of text ends does not go on in the next block, although the two could be read
   * as one: for a type that takes in any word behind it, and loses nothing that tells who is meant without it.
   */
  readonly endsWithBlock?: true;
}

/** UTF-16 units in front of `from` that a rule may look at. */
export const CONTEXT = 192;
