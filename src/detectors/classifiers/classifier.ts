import type { Features } from './features.ts';

/**
 * Scores of one window of text. Each from 0 to 1, never either of them, 0.5 the decision point.
 *
 * INVARIANT: a score depends on the text alone, and grows without an end to its growth: two texts score the same only
 * where the classifier sees the same in both.
 */
export interface Classifier<Label extends string> {
  readonly name: string;
  readonly labels: readonly Label[];
  classify(text: string): Readonly<Record<Label, number>>;
  /** The same, of features that were taken from the text before: several classifiers need them but once. */
  classifyFeatures(features: Features): Readonly<Record<Label, number>>;
}

/** How sure a classifier is, as Bedrock's content filters say it. */
export type Confidence = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH';

/**
 * From which score on a confidence holds. Of harmless texts kept out of training, 5 % reach `LOW` for a
 * label of content, 1 % `MEDIUM`, 0.2 % `HIGH`; see `training/README.md` for attacks.
 */
export const CONFIDENCE_SCORES = { LOW: 0.25, MEDIUM: 0.5, HIGH: 0.75 } as const;

/**
 * The confidence of a score. A filter of strength LOW acts on HIGH alone, MEDIUM on MEDIUM and up, HIGH on LOW and up.
 */
export function toConfidence(score: number): Confidence {
  if (score >= CONFIDENCE_SCORES.HIGH) return 'HIGH';
  if (score >= CONFIDENCE_SCORES.MEDIUM) return 'MEDIUM';
  return score >= CONFIDENCE_SCORES.LOW ? 'LOW' : 'NONE';
}
