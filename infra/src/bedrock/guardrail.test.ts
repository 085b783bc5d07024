import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateGuardrailCommand, type CreateGuardrailRequest } from '@aws-sdk/client-bedrock';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { Guardrail } from './guardrail.ts';
import { GuardrailFileError, parseGuardrailFile, toObserving } from './guardrail-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-guardrail-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';
const OWN_KEY = 'arn:aws:kms:us-east-1:111122223333:key/1a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';

/** Every field that CloudFormation has, typed by the SDK. */
const whole: CreateGuardrailRequest = {
  name: 'main',
  description: 'for claims',
  blockedInputMessaging: 'No.',
  blockedOutputsMessaging: 'Not that.',
  contentPolicyConfig: {
    filtersConfig: [
      {
        type: 'PROMPT_ATTACK',
        inputStrength: 'HIGH',
        outputStrength: 'NONE',
        inputAction: 'BLOCK',
        inputEnabled: true,
      },
      {
        ...{ type: 'VIOLENCE', inputStrength: 'HIGH', outputStrength: 'HIGH', outputAction: 'BLOCK' },
        ...{ outputEnabled: true, inputModalities: ['TEXT', 'IMAGE'], outputModalities: ['TEXT'] },
      },
    ],
    tierConfig: { tierName: 'STANDARD' },
  },
  topicPolicyConfig: {
    topicsConfig: [
      { name: 'advice', definition: 'Advice to buy.', examples: ['Should I buy?'], type: 'DENY', inputAction: 'BLOCK' },
    ],
    tierConfig: { tierName: 'STANDARD' },
  },
  wordPolicyConfig: {
    wordsConfig: [{ text: 'codename' }],
    managedWordListsConfig: [{ type: 'PROFANITY' }],
  },
  sensitiveInformationPolicyConfig: {
    piiEntitiesConfig: [{ type: 'EMAIL', action: 'ANONYMIZE' }],
    regexesConfig: [{ name: 'case', description: 'ours', pattern: 'C-[0-9]+', action: 'BLOCK' }],
  },
  contextualGroundingPolicyConfig: { filtersConfig: [{ type: 'GROUNDING', threshold: 0.7, action: 'BLOCK' }] },
  automatedReasoningPolicyConfig: {
    policies: ['arn:aws:bedrock:us-east-1:111122223333:automated-reasoning-policy/a1b2c3d4e5f6:1'],
  },
  crossRegionConfig: {
    guardrailProfileIdentifier: 'arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0',
  },
  kmsKeyId: KEY,
  tags: [{ key: 'team', value: 'claims' }],
};

const templateOf = (request: object, isObserving = false) => {
  const file = join(directory, 'guardrail.json');
  writeFileSync(file, JSON.stringify(request));
  const stack = new Stack();
  new Guardrail(stack, 'Guardrail', { file, namePrefix: 'sallyport-test-', kmsKeyArn: OWN_KEY, isObserving });
  return Template.fromStack(stack);
};
const versionsOf = (template: Template) => Object.values(template.findResources('AWS::Bedrock::GuardrailVersion'));

describe('a guardrail of a file', () => {
  it('has every field of the request, under the name that CloudFormation gives it', () => {
    expect(new CreateGuardrailCommand(whole).input).toBe(whole);
    const [made] = Object.values(templateOf(whole).findResources('AWS::Bedrock::Guardrail'));
    expect(made?.['Properties']).toEqual({
      Name: 'sallyport-test-main',
      Description: 'for claims',
      BlockedInputMessaging: 'No.',
      BlockedOutputsMessaging: 'Not that.',
      ContentPolicyConfig: {
        FiltersConfig: [
          {
            ...{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' },
            ...{ InputAction: 'BLOCK', InputEnabled: true },
          },
          {
            ...{ Type: 'VIOLENCE', InputStrength: 'HIGH', OutputStrength: 'HIGH', OutputAction: 'BLOCK' },
            ...{ OutputEnabled: true, InputModalities: ['TEXT', 'IMAGE'], OutputModalities: ['TEXT'] },
          },
        ],
        ContentFiltersTierConfig: { TierName: 'STANDARD' },
      },
      TopicPolicyConfig: {
        TopicsConfig: [
          {
            ...{ Name: 'advice', Definition: 'Advice to buy.', Examples: ['Should I buy?'], Type: 'DENY' },
            InputAction: 'BLOCK',
          },
        ],
        TopicsTierConfig: { TierName: 'STANDARD' },
      },
      WordPolicyConfig: { WordsConfig: [{ Text: 'codename' }], ManagedWordListsConfig: [{ Type: 'PROFANITY' }] },
      SensitiveInformationPolicyConfig: {
        PiiEntitiesConfig: [{ Type: 'EMAIL', Action: 'ANONYMIZE' }],
        RegexesConfig: [{ Name: 'case', Description: 'ours', Pattern: 'C-[0-9]+', Action: 'BLOCK' }],
      },
      ContextualGroundingPolicyConfig: { FiltersConfig: [{ Type: 'GROUNDING', Threshold: 0.7, Action: 'BLOCK' }] },
      AutomatedReasoningPolicyConfig: {
        Policies: ['arn:aws:bedrock:us-east-1:111122223333:automated-reasoning-policy/a1b2c3d4e5f6:1'],
      },
      CrossRegionConfig: {
        GuardrailProfileArn: 'arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0',
      },
      KmsKeyArn: KEY,
      Tags: [{ Key: 'team', Value: 'claims' }],
    });
  });

  it('is under the key that is given where the file names none', () => {
    const { kmsKeyId: _, ...rest } = whole;
    templateOf(rest).hasResourceProperties('AWS::Bedrock::Guardrail', { KmsKeyArn: OWN_KEY });
  });

  it('has a version for each content, and the same for the same', () => {
    const [one] = versionsOf(templateOf(whole));
    expect(one).toEqual(versionsOf(templateOf(whole))[0]);
    expect(one).not.toEqual(versionsOf(templateOf({ ...whole, blockedInputMessaging: 'Never.' }))[0]);
    expect(JSON.stringify(templateOf(whole).toJSON())).not.toContain('DRAFT');
  });

  it('names all that is wrong with a file, by where it stands', () => {
    const wrong = {
      ...whole,
      blockedOutputsMessaging: undefined,
      clientRequestToken: 'x',
      contentPolicyConfig: { filtersConfig: [{ type: 'NOISE', inputStrength: 'HIGH', outputStrength: 3 }] },
      contextualGroundingPolicyConfig: {
        filtersConfig: [{ type: 'GROUNDING', threshold: '0.7' }],
        tierConfig: { tierName: 'CLASSIC' },
      },
      topicPolicyConfig: { topicsConfig: {} },
      wordPolicyConfig: 'none',
    };
    const problems = () => {
      try {
        return parseGuardrailFile(JSON.stringify(wrong), 'g.json');
      } catch (error) {
        return error instanceof GuardrailFileError ? error.problems : error;
      }
    };
    expect(problems()).toEqual([
      '`blockedOutputsMessaging` is missing',
      expect.stringMatching(/^`contentPolicyConfig\.filtersConfig\[0\]\.type` is none of .*PROMPT_ATTACK/),
      expect.stringContaining('`contentPolicyConfig.filtersConfig[0].outputStrength` is none of'),
      '`topicPolicyConfig.topicsConfig` is no list',
      '`wordPolicyConfig` is no object',
      '`contextualGroundingPolicyConfig.filtersConfig[0].threshold` is no number',
      expect.stringContaining('`contextualGroundingPolicyConfig.tierConfig` is no field'),
      expect.stringContaining('`clientRequestToken` is no field'),
    ]);
    expect(() => parseGuardrailFile('{', 'g.json')).toThrow(
      'the guardrail in `g.json` cannot be made:\n  it is no JSON',
    );
    const empty = { name: 'x', blockedInputMessaging: 'x', blockedOutputsMessaging: 'x' };
    expect(() => parseGuardrailFile(JSON.stringify(empty), 'g.json')).toThrow('no policy');
  });

  it('can be made to find only, with every action NONE', () => {
    const observing = toObserving(parseGuardrailFile(JSON.stringify(whole), 'g.json'));
    const text = JSON.stringify(observing);
    expect([...text.matchAll(/"(?:\w*A|a)ction":"(\w+)"/g)].map(([, action]) => action)).toEqual(
      Array.from({ length: 17 }, () => 'NONE'),
    );
    expect(text).not.toMatch(/"BLOCK"|"ANONYMIZE"/);
    expect(observing.contextualGroundingPolicyConfig).toEqual({
      filtersConfig: [{ type: 'GROUNDING', threshold: 0.7, action: 'NONE' }],
    });
    expect(observing.tags).toEqual(whole.tags);
    templateOf(whole, true).hasResourceProperties('AWS::Bedrock::Guardrail', { Name: 'sallyport-test-main-observing' });
  });
});
