import type { Authorizer, ContentPolicy } from '../../core/index.ts';
import { createGuardings, type GuardingOf } from './guardings.ts';
import { guardrailParts, knownDetectors } from './guardrail-parts.ts';
import type { GuardrailSet } from './guardrail-set.ts';

/** A configuration's, where it has none. */
export const noGuardrails: GuardrailSet = { find: () => undefined, appliedTo: () => [] };

/** What holds where there are no guardrails. */
export function guardingBy(policy: ContentPolicy, authorizer: Authorizer): GuardingOf {
  return createGuardings({
    authorizer,
    policy,
    guardrails: noGuardrails,
    detectors: knownDetectors,
    classifiers: guardrailParts.classifiers,
  });
}
