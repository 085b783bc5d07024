import { describe, expect, it } from 'vitest';
import { codeOf } from '../protocol.suite.ts';
import { parseModel, withoutProfile } from './model-id.ts';
import { matchRoute } from './routes.ts';

const ACCOUNT = 'arn:aws:bedrock:us-east-1:123456789012';

describe('the model of a path', () => {
  it.each([
    'amazon.nova-lite-v1:0',
    'anthropic.claude-3-haiku-20240307-v1:0',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'global.amazon.nova-2-lite-v1:0',
    'my-own-model',
    'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0',
    'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.titan-text-express-v1',
    `${ACCOUNT}:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0`,
    `${ACCOUNT}:application-inference-profile/abcdef123456`,
    `${ACCOUNT}:provisioned-model/abcdef123456`,
    `${ACCOUNT}:imported-model/abcdef123456`,
    `${ACCOUNT}:custom-model/amazon.nova-lite-v1/abcdef123456`,
    `${ACCOUNT}:custom-model-deployment/abcdef123456`,
    'arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint',
  ])('may be %s, as one escaped segment', (model) => {
    const route = matchRoute('POST', `/model/${encodeURIComponent(model)}/converse`);
    if (route?.kind !== 'invoke') throw new Error('no route');
    expect(parseModel(route.model ?? '')).toBe(model);
  });

  it.each([
    [`${ACCOUNT}:prompt/ABCDEFGHIJ`, 'a prompt of Prompt management'],
    [`${ACCOUNT}:prompt/ABCDEFGHIJ:12`, 'a prompt of Prompt management'],
    [`${ACCOUNT}:prompt-router/abc`, 'a prompt router'],
    [`${ACCOUNT}:default-prompt-router/anthropic.claude:1`, 'a prompt router'],
  ])('is not %s, behind which something unseen stands', (model, word) => {
    expect(codeOf(() => parseModel(model))).toBe('unsupported');
    expect(() => parseModel(model)).toThrow(word);
  });

  it.each([
    'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc',
    'arn:aws:s3:us-east-1:123456789012:bucket/abc',
    'arn:aws:bedrock:us-east-1:12:provisioned-model/abcdef123456',
    `${ACCOUNT}:foundation-model/amazon.nova-pro-v1:0`,
    `${ACCOUNT}:prompt/short`,
    'arn:aws:',
    'a b',
    '',
  ])('is not %s', (model) => {
    expect(codeOf(() => parseModel(model))).toBe('invalidRequest');
  });
});

describe('the model behind a profile', () => {
  it.each([
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['us-gov.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['global.amazon.nova-2-lite-v1:0', 'amazon.nova-2-lite-v1:0'],
    ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['cohere.command-r-v1:0', 'cohere.command-r-v1:0'],
    ['my-own-model', 'my-own-model'],
  ])('of %s is %s', (id, model) => {
    expect(withoutProfile(id)).toBe(model);
  });
});
