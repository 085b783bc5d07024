import { GatewayError } from '../../../core/index.ts';
import { withoutProfile } from '../model-id.ts';
import { anthropic } from './anthropic.ts';
import { cohereChat } from './cohere-chat.ts';
import { cohereEmbed } from './cohere-embed.ts';
import { cohereText } from './cohere-text.ts';
import { deepseek } from './deepseek.ts';
import type { Family } from './family.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { nova } from './nova.ts';
import { titanEmbedText } from './titan-embed-text.ts';
import { titanText } from './titan-text.ts';

/** Families by how the ids of their models begin. No beginning is that of another. */
const families: Readonly<Record<string, Family>> = {
  'anthropic.': anthropic,
  'amazon.nova-': nova,
  'amazon.titan-text-': titanText,
  'amazon.titan-embed-text-v2': titanEmbedText,
  'meta.llama': llama,
  'mistral.': mistral,
  'cohere.command-r-': cohereChat,
  'cohere.command-text-': cohereText,
  'cohere.command-light-text-': cohereText,
  'cohere.embed-english-v3': cohereEmbed,
  'cohere.embed-multilingual-v3': cohereEmbed,
  'deepseek.r1-': deepseek,
};

/** ARNs that end in a model's id, or in that of a cross-region inference profile. */
const NAMED_ARN = /^arn:aws[a-z-]*:bedrock:[a-z0-9-]*:[0-9]*:(?:foundation-model|inference-profile)\/([^/]+)$/;

/** The family of a model's id or ARN. Throws `unsupported` where its body format is not known. */
export function familyOf(model: string): Family {
  const id = NAMED_ARN.exec(model)?.[1] ?? model;
  const bare = withoutProfile(id);
  for (const [beginning, family] of Object.entries(families)) {
    if (id.startsWith(beginning) || bare.startsWith(beginning)) return family;
  }
  throw new GatewayError('unsupported', {
    detail: 'the body format of this model is not known, while `Converse` carries it',
  });
}
