import { weightOf } from './word-weights.ts';
import type { Word } from './words.ts';

/** What a text is about: its words and pairs of words, each with how much it tells. */
export type Vector = ReadonlyMap<string, number>;

/** Words that stand side by side tell more together, but are seldom met again. */
const PAIR_SHARE = 0.4;

export function toVector(words: readonly Word[]): Vector {
  const vector = new Map<string, number>();
  let before: Word | undefined;
  for (const word of words) {
    const weight = weightOf(word);
    vector.set(word.stem, weight);
    if (before !== undefined) {
      vector.set(`${before.stem} ${word.stem}`, PAIR_SHARE * Math.sqrt(weight * weightOf(before)));
    }
    before = word;
  }
  return vector;
}

/** Says how near a vector comes to the nearest of some: the cosine of the angle between them, from 0 to 1. */
export function createVectorIndex(vectors: readonly Vector[]): (vector: Vector) => number {
  const entries = new Map<string, { readonly index: number; readonly value: number }[]>();
  vectors.forEach((vector, index) => {
    const length = lengthOf(vector);
    for (const [key, value] of vector) {
      const entry = { index, value: value / length };
      const others = entries.get(key);
      if (others === undefined) entries.set(key, [entry]);
      else others.push(entry);
    }
  });
  return (vector) => {
    const products = new Float64Array(vectors.length);
    for (const [key, value] of vector) {
      for (const entry of entries.get(key) ?? []) {
        products[entry.index] = (products[entry.index] ?? 0) + value * entry.value;
      }
    }
    // Rounding may lead a little beyond.
    return Math.min(1, Math.max(0, ...products) / lengthOf(vector));
  };
}

function lengthOf(vector: Vector): number {
  let sum = 0;
  for (const value of vector.values()) sum += value * value;
  return sum > 0 ? Math.sqrt(sum) : 1;
}
