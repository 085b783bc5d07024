import type Database from 'libsql';
import type { WrappedKeyStore } from '../core/index.ts';
import { inTransaction } from './transaction.ts';

/** Keys that one generation of the wrapping key wraps: its nonces are random, and must not meet. */
const MOST_WRAPS = 2 ** 31;

/** Counts, in the state file, what each generation of the wrapping key has wrapped. */
export function createWrapCounter(file: Database.Database): Pick<WrappedKeyStore, 'countWrap' | 'advanceGeneration'> {
  return {
    async countWrap() {
      return inTransaction(file, () => {
        const [row] = file.prepare('UPDATE wrapping SET wraps = wraps + 1 RETURNING generation, wraps').all([]);
        const { generation, wraps } = parseWrapping(row);
        if (wraps <= MOST_WRAPS) return generation;
        file.exec('UPDATE wrapping SET generation = generation + 1, wraps = 1');
        return generation + 1;
      });
    },
    async advanceGeneration() {
      const advance = 'UPDATE wrapping SET generation = generation + 1, wraps = 0 RETURNING generation, wraps';
      return parseWrapping(file.prepare(advance).all([])[0]).generation;
    },
  };
}

function parseWrapping(row: unknown): { readonly generation: number; readonly wraps: number } {
  const { generation, wraps } = Object(row);
  return { generation: Number(generation), wraps: Number(wraps) };
}
