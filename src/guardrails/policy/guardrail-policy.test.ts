import { describe, expect, it } from 'vitest';
import { GuardrailError, parseGuardrailPolicy } from './guardrail-policy.ts';
import { policyHash } from './policy-hash.ts';

const base = {
  name: 'test',
  blockedInputMessaging: 'in',
  blockedOutputsMessaging: 'out',
  wordPolicyConfig: { wordsConfig: [{ text: 'x' }] },
};
const hate = { type: 'HATE', inputStrength: 'LOW', outputStrength: 'LOW' };
const topic = { name: 't', definition: 'd', type: 'DENY' };

function problemsOf(change: object): readonly string[] {
  try {
    parseGuardrailPolicy({ ...base, ...change });
  } catch (error) {
    if (error instanceof GuardrailError) return error.problems;
    throw error;
  }
  return [];
}

describe('a policy of CreateGuardrail', () => {
  it('is taken whole, with what only Amazon Bedrock keeps of it', () => {
    const policy = {
      ...base,
      contentPolicyConfig: { filtersConfig: [hate], tierConfig: { tierName: 'CLASSIC' } },
      topicPolicyConfig: {
        topicsConfig: [{ ...topic, definition: 'd'.repeat(900) }],
        tierConfig: { tierName: 'STANDARD' },
      },
      sensitiveInformationPolicyConfig: {
        piiEntitiesConfig: [{ type: 'EMAIL', action: 'ANONYMIZE' }],
        regexesConfig: [{ name: 'r', pattern: 'x', action: 'BLOCK' }],
      },
      contextualGroundingPolicyConfig: { filtersConfig: [{ type: 'GROUNDING', threshold: 0.5 }] },
      kmsKeyId: 'alias/x',
      tags: [{ key: 'k', value: 'v' }],
      clientRequestToken: 'abc',
    };
    expect(parseGuardrailPolicy(policy)).toEqual(policy);
  });

  it.each([
    [{ unknown: 1 }, 'unknown'],
    [{ name: 'a b' }, '`name`: expected up to 50 letters'],
    [{ wordPolicyConfig: undefined }, 'it has no policy'],
    [{ contentPolicyConfig: { filtersConfig: [hate, hate] } }, '`HATE` stands there twice'],
    [{ topicPolicyConfig: { topicsConfig: [topic, topic] } }, '`t` stands there twice'],
    [{ topicPolicyConfig: { topicsConfig: [{ ...topic, definition: 'd'.repeat(201) }] } }, 'needs the tier `STANDARD`'],
    [
      { topicPolicyConfig: { topicsConfig: [{ ...topic, type: 'ALLOW' }] } },
      '`topicPolicyConfig.topicsConfig[0].type`',
    ],
    [
      { contentPolicyConfig: { filtersConfig: [{ ...hate, type: 'PROMPT_ATTACK' }] } },
      '`contentPolicyConfig.filtersConfig[0].outputStrength`: expected `NONE`',
    ],
    [
      { contentPolicyConfig: { filtersConfig: [{ ...hate, inputModalities: ['TEXT', 'IMAGE'] }] } },
      'leave `IMAGE` to a remote guardrail',
    ],
    [{ automatedReasoningPolicyConfig: { policies: ['arn'] } }, 'leave automated reasoning to a remote guardrail'],
    [{ contextualGroundingPolicyConfig: { filtersConfig: [{ type: 'GROUNDING', threshold: 1 }] } }, 'threshold'],
  ])('is refused where it has %j', (change, problem) => {
    expect(problemsOf(change).join('\n')).toContain(problem);
  });

  it('has a hash that neither white space nor order changes, and everything else does', () => {
    const shuffled = Object.fromEntries(Object.entries(base).toReversed());
    expect(policyHash(shuffled)).toBe(policyHash(base));
    expect(policyHash({ ...base, description: undefined })).toBe(policyHash(base));
    expect(policyHash({ ...base, name: 'other' })).not.toBe(policyHash(base));
    expect(policyHash([1, 2])).not.toBe(policyHash([2, 1]));
    expect(policyHash(undefined)).toMatch(/^[0-9a-f]{64}$/);
    expect(policyHash({ b: 1, a: 1, c: 1 })).toBe(policyHash({ c: 1, a: 1, b: 1 }));
  });
});
