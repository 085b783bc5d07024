import { attackModel } from './attack-model.data.ts';
import type { Classifier } from './classifier.ts';
import { createLinearClassifier } from './linear-model.ts';

export type AttackLabel = 'JAILBREAK' | 'PROMPT_INJECTION' | 'PROMPT_LEAKAGE';

/**
 * Attempts to talk a model out of its rules, to put other instructions in the place of those it has, and to draw out
 * its prompt. To play a role ("act as a tour guide") is none, unless the role is one without rules.
 *
 * A baseline of n-grams, trained on public collections; `docs/reference/detection.md` has what it finds.
 */
export const attackClassifier: Classifier<AttackLabel> = createLinearClassifier(attackModel);
