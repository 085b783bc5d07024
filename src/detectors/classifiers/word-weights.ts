import { type SparseTable, unpackTable } from './sparse-table.ts';
import { wordWeights } from './word-weights.data.ts';
import type { Word } from './words.ts';

let unpacked: SparseTable | undefined;

/**
 * How much a word tells: the logarithm of how many texts there are for one that has it (inverse document frequency), as
 * counted in harmless texts. Words that were not met tell most, and numbers as much.
 */
export function weightOf({ place, kind }: Pick<Word, 'place' | 'kind'>): number {
  if (kind === 'number') return wordWeights.most / wordWeights.steps;
  unpacked ??= unpackTable(wordWeights);
  const row = unpacked.rowOf[place] ?? 0;
  return (row === 0 ? wordWeights.most : (unpacked.cells[row - 1] ?? 0)) / wordWeights.steps;
}
