import type { WireObject } from './wire-value.ts';

/** Counts what of one answer is not carried on. */
export interface Dropped {
  readonly count: number;
  /** Counts one thing. */
  add(): void;
  /** Counts the members of an object that are not among those `read`. */
  besides(value: WireObject, read: ReadonlySet<string>): void;
}

export function createDropped(): Dropped {
  let count = 0;
  return {
    get count() {
      return count;
    },
    add() {
      count += 1;
    },
    besides(value, read) {
      for (const name in value) if (!read.has(name)) count += 1;
    },
  };
}
