import type { Classifier } from './classifier.ts';
import { type Features, toFeatures } from './features.ts';
import { type SparseTable, unpackTable } from './sparse-table.ts';

/** What training wrote: see `training/README.md`. */
export interface LinearModel<Label extends string> {
  readonly name: string;
  readonly labels: readonly Label[];
  /** Features with a weight, one column for each label. */
  readonly rows: number;
  readonly packed: string;
  readonly scoring: Readonly<Record<Label, Scoring>>;
}

export interface Scoring {
  /** What a weight of one stands for. */
  readonly scale: number;
  /** Margins at which the score is 0.25, 0.5 and 0.75, in ascending order. */
  readonly anchors: readonly [low: number, middle: number, high: number];
}

/**
 * A classifier that adds up a weight for each feature. Its table is unpacked at the first text.
 *
 * The margin of a text is the sum of its weights over the square root of the number of its features; straight lines
 * through the anchors, and on beyond them, lead from it to the score. Sums, products, quotients and a square root are
 * the same to the last bit wherever they are computed, so that training and gateway agree.
 */
export function createLinearClassifier<Label extends string>(model: LinearModel<Label>): Classifier<Label> {
  const { name, labels, rows, packed, scoring } = model;
  const columns = labels.length;
  let unpacked: (SparseTable & { readonly weights: Int8Array }) | undefined;

  function unpack(): SparseTable & { readonly weights: Int8Array } {
    const table = unpackTable({ rows, columns, packed });
    return { ...table, weights: new Int8Array(table.cells.buffer) };
  }

  function classifyFeatures(features: Features): Readonly<Record<Label, number>> {
    unpacked ??= unpack();
    const sums = sumRows(unpacked, features, columns);
    const norm = Math.sqrt(Math.max(features.length, 1));
    const scores: Partial<Record<Label, number>> = {};
    labels.forEach((label, column) => {
      const { scale, anchors } = scoring[label];
      scores[label] = toScore(((sums[column] ?? 0) * scale) / norm, anchors);
    });
    if (!isWhole(scores, labels)) throw new RangeError('a label has no score');
    return scores;
  }

  return { name, labels, classify: (text) => classifyFeatures(toFeatures(text)), classifyFeatures };
}

function sumRows(
  { rowOf, weights }: { readonly rowOf: Uint16Array; readonly weights: Int8Array },
  features: Features,
  columns: number,
): Int32Array {
  const sums = new Int32Array(columns);
  for (let index = 0; index < features.length; index += 1) {
    const row = rowOf[features[index] ?? 0] ?? 0;
    if (row === 0) continue;
    const first = (row - 1) * columns;
    for (let column = 0; column < columns; column += 1) {
      sums[column] = (sums[column] ?? 0) + (weights[first + column] ?? 0);
    }
  }
  return sums;
}

/** 0.25, 0.5 and 0.75 at the anchors; between them and beyond it grows with the margin and never reaches 0 or 1. */
function toScore(margin: number, [low, middle, high]: Scoring['anchors']): number {
  const distance = margin < middle ? (margin - middle) / (middle - low) : (margin - middle) / (high - middle);
  return 0.5 + (0.5 * distance) / (1 + Math.abs(distance));
}

function isWhole<Label extends string>(
  scores: Partial<Record<Label, number>>,
  labels: readonly Label[],
): scores is Record<Label, number> {
  return labels.every((label) => scores[label] !== undefined);
}
