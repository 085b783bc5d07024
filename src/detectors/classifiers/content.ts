import type { Classifier } from './classifier.ts';
import { contentModel } from './content-model.data.ts';
import { createLinearClassifier } from './linear-model.ts';

export type ContentLabel = 'SEXUAL' | 'VIOLENCE' | 'HATE' | 'INSULTS' | 'MISCONDUCT';

/**
 * The kinds of harmful content that Bedrock's content filters tell apart.
 *
 * A baseline of n-grams, trained on public collections; `docs/reference/detection.md` has what it finds.
 */
export const contentClassifier: Classifier<ContentLabel> = createLinearClassifier(contentModel);
