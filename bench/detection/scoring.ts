import {
  attackClassifier,
  type Classifier,
  createStreamScanner,
  detectors,
  windowsOf,
} from '../../src/detectors/index.ts';

/** The highest score that a window of the text has, by label. */
export function scoreText<Label extends string>(
  { classify, labels }: Classifier<Label>,
  text: string,
): ReadonlyMap<Label, number> {
  const scores = windowsOf(text).map(({ start, end }) => classify(text.slice(start, end)));
  return new Map(labels.map((label) => [label, Math.max(0, ...scores.map((score) => score[label]))]));
}

/** The highest score of any kind of attack. */
export function scoreAttack(text: string): number {
  return Math.max(...scoreText(attackClassifier, text).values());
}

/** Whether a phrase of the lexicon stands in the text. */
export function hasPhrase(text: string): boolean {
  return createStreamScanner([detectors.promptAttack]).end(text).spans.length > 0;
}
