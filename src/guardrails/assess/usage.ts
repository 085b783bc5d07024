import type { GuardrailResult } from '../../core/index.ts';
import type { GuardrailSide } from '../policy/guardrail.ts';

/** Characters of one text unit: Amazon Bedrock pricing. */
const UNIT = 1_000;

/** Text units: one for each 1,000 characters that were begun. */
export function textUnitsOf(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / UNIT);
}

/** What a guardrail has read of texts, by policy; 0 for policies that it does not have. */
export function toUsage(rules: GuardrailSide, guarded: readonly string[]): GuardrailResult['usage'] {
  const units = textUnitsOf(guarded);
  const unitsIf = (isOn: boolean) => (isOn ? units : 0);
  return {
    topicPolicyUnits: unitsIf(rules.topics.length > 0),
    contentPolicyUnits: unitsIf(rules.content.length > 0),
    wordPolicyUnits: unitsIf(rules.words.length > 0 || rules.profanity !== undefined),
    sensitiveInformationPolicyUnits: unitsIf(rules.pii.size > 0),
    sensitiveInformationPolicyFreeUnits: unitsIf(rules.regexes.length > 0),
    contextualGroundingPolicyUnits: unitsIf(rules.grounding.length > 0),
  };
}
