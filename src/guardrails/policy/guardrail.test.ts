import { describe, expect, it } from 'vitest';
import { type Found, toContentPolicy } from '../../core/index.ts';
import { guardrailOf, scripted } from '../guardrail.suite.ts';
import { createGuardrail } from './guardrail.ts';
import { parseGuardrailPolicy } from './guardrail-policy.ts';
import { toLayeredPolicy } from './layered-policy.ts';

const found = (type: Found['type'], more: Partial<Found> = {}): Found => ({ type, detector: 'x', ...more });

const whole = guardrailOf({
  contentPolicyConfig: {
    filtersConfig: [
      { type: 'HATE', inputStrength: 'LOW', outputStrength: 'HIGH', outputAction: 'NONE' },
      { type: 'INSULTS', inputStrength: 'MEDIUM', outputStrength: 'NONE' },
      { type: 'PROMPT_ATTACK', inputStrength: 'HIGH', outputStrength: 'NONE' },
      { type: 'SEXUAL', inputStrength: 'HIGH', outputStrength: 'HIGH', inputEnabled: false },
    ],
  },
  topicPolicyConfig: { topicsConfig: [{ name: 'tax', definition: 'tax', type: 'DENY', outputEnabled: false }] },
  wordPolicyConfig: {
    wordsConfig: [
      { text: 'apple', inputEnabled: false },
      { text: 'pear', inputAction: 'NONE' },
    ],
    managedWordListsConfig: [{ type: 'PROFANITY', outputAction: 'NONE' }],
  },
  sensitiveInformationPolicyConfig: {
    piiEntitiesConfig: [
      { type: 'EMAIL', action: 'ANONYMIZE', outputAction: 'BLOCK' },
      { type: 'PHONE', action: 'NONE' },
    ],
    regexesConfig: [{ name: 'id', pattern: 'ID[0-9]', action: 'ANONYMIZE' }],
  },
  contextualGroundingPolicyConfig: {
    filtersConfig: [
      { type: 'GROUNDING', threshold: 0.7 },
      { type: 'RELEVANCE', threshold: 0.5, enabled: false },
    ],
  },
});

describe('a guardrail', () => {
  it('acts by its strengths: a weak filter on what is sure alone', () => {
    const { input, output } = whole;
    expect(input.actionOn(found('HATE', { score: 0.74 }))).toBeUndefined();
    expect(input.actionOn(found('HATE', { score: 0.75 }))).toBe('BLOCK');
    expect(input.actionOn(found('INSULTS', { score: 0.5 }))).toBe('BLOCK');
    expect(input.actionOn(found('PROMPT_ATTACK', { score: 0.25 }))).toBe('BLOCK');
    expect(input.actionOn(found('PROMPT_ATTACK'))).toBe('BLOCK');
    expect(output.actionOn(found('HATE', { score: 0.25 }))).toBe('NONE');
    expect(output.actionOn(found('INSULTS', { score: 1 }))).toBeUndefined();
    expect(input.actionOn(found('SEXUAL', { score: 1 }))).toBeUndefined();
    expect(output.actionOn(found('SEXUAL', { score: 1 }))).toBe('BLOCK');
  });

  it('has for each side the rules that are on there, with their actions', () => {
    const { input, output } = whole;
    expect(input.topics.map(({ name }) => name)).toEqual(['tax']);
    expect(output.topics).toEqual([]);
    expect(input.topics[0]?.score('tax7')).toBe(0.7);
    expect(input.words.map(({ action }) => action)).toEqual(['NONE']);
    expect(output.words.map(({ action }) => action)).toEqual(['BLOCK', 'BLOCK']);
    expect(input.actionOn({ type: 'WORD', detector: input.words[0]?.detector.name ?? '' })).toBe('NONE');
    expect(input.actionOn(found('PROFANITY'))).toBe('BLOCK');
    expect(output.actionOn(found('PROFANITY'))).toBe('NONE');
    expect([input, output].map(({ actionOn }) => actionOn(found('EMAIL')))).toEqual(['ANONYMIZE', 'BLOCK']);
    expect(input.actionOn(found('PHONE'))).toBe('NONE');
    expect(input.actionOn({ type: 'REGEX', detector: 'one:1:regex:id' })).toBe('ANONYMIZE');
    expect(input.actionOn(found('URL'))).toBeUndefined();
    expect(input.grounding).toEqual([]);
    expect(output.grounding).toEqual([{ type: 'GROUNDING', threshold: 0.7, action: 'BLOCK' }]);
    expect(output.actionOn(found('GROUNDING', { score: 0.6 }))).toBe('BLOCK');
    expect(output.actionOn(found('GROUNDING', { score: 0.7 }))).toBeUndefined();
    expect(output.actionOn(found('GROUNDING'))).toBe('BLOCK');
  });

  it('of one policy looks for nothing of the others', () => {
    const { input } = guardrailOf({ wordPolicyConfig: { managedWordListsConfig: [{ type: 'PROFANITY' }] } });
    expect([input.content, input.topics, input.words, input.regexes, input.grounding]).toEqual([[], [], [], [], []]);
    expect(input.pii.size).toBe(0);
    const grounded = guardrailOf({
      contextualGroundingPolicyConfig: { filtersConfig: [{ type: 'RELEVANCE', threshold: 0.5, action: 'NONE' }] },
    });
    expect(grounded.output.profanity).toBeUndefined();
    expect(grounded.output.actionOn(found('RELEVANCE', { score: 0.1 }))).toBe('NONE');
  });

  it('is not made where a rule gets no detector', () => {
    const policy = parseGuardrailPolicy({
      name: 'a',
      blockedInputMessaging: 'in',
      blockedOutputsMessaging: 'out',
      wordPolicyConfig: { wordsConfig: [{ text: 'x' }] },
    });
    const ruleDetectors = { createWords: () => [], createRegexes: () => [] };
    expect(() => createGuardrail({ id: 'a', version: '1' }, policy, { classifiers: scripted, ruleDetectors })).toThrow(
      'has not got what it finds by',
    );
  });
});

describe('several guardrails together', () => {
  const base = toContentPolicy({
    input: { EMAIL: 'mask', PHONE: 'block', URL: 'allow' },
    output: {},
    blockedInputMessage: 'base in',
    blockedOutputMessage: 'base out',
  });
  const strict = guardrailOf(
    {
      sensitiveInformationPolicyConfig: {
        piiEntitiesConfig: [
          { type: 'EMAIL', action: 'BLOCK' },
          { type: 'URL', action: 'ANONYMIZE' },
        ],
      },
    },
    'two',
  );

  it('do what the strictest wants, and none can loosen what another has', () => {
    const { input } = toLayeredPolicy(base, [whole, strict]);
    expect(input.actionOf(found('EMAIL'))).toBe('block');
    expect(input.actionOf(found('PHONE'))).toBe('block');
    expect(input.actionOf(found('URL'))).toBe('mask');
    expect(input.actionOf(found('NAME'))).toBe('ignore');
    expect(input.actionOf({ ...found('URL'), also: [found('EMAIL')] })).toBe('block');
    expect(toLayeredPolicy(base, [whole]).input.actionOf(found('EMAIL'))).toBe('mask');
    expect(toLayeredPolicy(base, [])).toBe(base);
  });

  it('say the words of the first that blocks, or else of one that masks, or else those that always hold', () => {
    const { input, output } = toLayeredPolicy(base, [whole, strict]);
    expect(input.messageFor([found('EMAIL')])).toBe('Not asked.');
    expect(input.messageFor([{ ...found('NAME'), also: [found('URL')] } as Found])).toBe('Not asked.');
    expect(input.messageFor([found('PHONE')])).toBe('base in');
    expect(output.messageFor([found('NAME')])).toBe('base out');
  });
});
