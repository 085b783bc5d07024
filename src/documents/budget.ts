import { DocumentRefused } from './refusal.ts';

/** What the reading of one document may come to. */
export interface ReadingLimits {
  /** Bytes that compressed content may expand to, all of it together. */
  readonly expandedBytes: number;
  /** UTF-16 units of text. */
  readonly textUnits: number;
}

/** Counts what the reading of one document comes to; each call throws where that is too much. */
export interface Budget {
  /** Bytes that may still be expanded to, at least 1. */
  readonly bytesLeft: number;
  /** Before or after `compressed` bytes became `expanded`. */
  expand(expanded: number, compressed: number): void;
  /** Text of so many UTF-16 units. */
  write(units: number): void;
}

/** Office documents and the streams of a PDF stay far below; a deflate bomb reaches 1 : 1032. */
const LARGEST_RATIO = 250;
const UNSUSPICIOUS_BYTES = 2 ** 20;

/** The largest array of entries, objects or the like that is still read. */
export const MOST_ENTRIES = 100_000;

export function createBudget(limits: ReadingLimits): Budget {
  let expandedBytes = 0;
  let textUnits = 0;
  return {
    get bytesLeft() {
      return Math.max(1, limits.expandedBytes - expandedBytes);
    },
    expand(expanded, compressed) {
      expandedBytes += expanded;
      const isBomb = expanded > UNSUSPICIOUS_BYTES && expanded > compressed * LARGEST_RATIO;
      if (isBomb || expandedBytes > limits.expandedBytes) throw new DocumentRefused('expands');
    },
    write(units) {
      textUnits += units;
      if (textUnits > limits.textUnits) throw new DocumentRefused('tooMuchText');
    },
  };
}
