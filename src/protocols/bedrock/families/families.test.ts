import { describe, expect, it } from 'vitest';
import { codeOf } from '../../protocol.suite.ts';
import { anthropic } from './anthropic.ts';
import { cohereChat } from './cohere-chat.ts';
import { cohereEmbed } from './cohere-embed.ts';
import { cohereText } from './cohere-text.ts';
import { deepseek } from './deepseek.ts';
import { familyOf } from './families.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { nova } from './nova.ts';
import { titanEmbedText } from './titan-embed-text.ts';
import { titanText } from './titan-text.ts';

describe('the family of a model', () => {
  it.each([
    ['anthropic.claude-3-haiku-20240307-v1:0', anthropic],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', anthropic],
    ['us-gov.anthropic.claude-3-haiku-20240307-v1:0', anthropic],
    ['apac.amazon.nova-lite-v1:0', nova],
    ['global.amazon.nova-2-lite-v1:0', nova],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', nova],
    ['arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.amazon.nova-lite-v1:0', nova],
    ['arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-v2:1', anthropic],
    ['amazon.titan-text-express-v1', titanText],
    ['amazon.titan-embed-text-v2:0', titanEmbedText],
    ['meta.llama3-8b-instruct-v1:0', llama],
    ['us.meta.llama4-scout-17b-instruct-v1:0', llama],
    ['mistral.mistral-7b-instruct-v0:2', mistral],
    ['mistral.mistral-large-2407-v1:0', mistral],
    ['us.mistral.pixtral-large-2502-v1:0', mistral],
    ['cohere.command-r-plus-v1:0', cohereChat],
    ['cohere.command-text-v14', cohereText],
    ['cohere.command-light-text-v14', cohereText],
    ['cohere.embed-english-v3', cohereEmbed],
    ['cohere.embed-multilingual-v3', cohereEmbed],
    ['us.deepseek.r1-v1:0', deepseek],
  ])('of %s is known by its id', (model, family) => {
    expect(familyOf(model)).toBe(family);
  });

  it.each([
    'ai21.jamba-1-5-large-v1:0',
    'deepseek.v3-v1:0',
    'openai.gpt-oss-120b-1:0',
    'cohere.embed-v4:0',
    'cohere.rerank-v3-5:0',
    'us.us.anthropic.claude-v2',
    'x-anthropic.claude-v2',
    'anthropicx.claude',
    'amazon.novation-1',
    'amazon.titan-embed-text-v1',
    'amazon.titan-image-generator-v1',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:custom-model/anthropic.claude-v2/abcdef123456',
    'arn:aws:sagemaker:us-east-1:123456789012:endpoint/anthropic.claude',
    'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ',
  ])('of %s is not guessed', (model) => {
    expect(codeOf(() => familyOf(model))).toBe('unsupported');
    expect(() => familyOf(model)).toThrow('`Converse`');
  });
});
