import type { Model } from '../../core/index.ts';

/** How the ids of a family's models begin, where this provider must know. */
export type FamilyBeginning =
  | 'anthropic.'
  | 'amazon.nova-'
  | 'amazon.titan-embed-text-v1'
  | 'amazon.titan-embed-text-v2'
  | 'amazon.titan-embed-g1-text-'
  | 'amazon.titan-text-'
  | 'amazon.titan-tg1-'
  | 'cohere.command-text-'
  | 'cohere.command-light-text-'
  | 'cohere.embed-english-v3'
  | 'cohere.embed-multilingual-v3'
  | 'deepseek.'
  | 'meta.llama'
  | 'mistral.';

/**
 * Whether a model is of a family, by its own id or the provider's: an inference profile's id may have a region before
 * the model's (`us.anthropic.…`), an ARN a path, and the ARN of an application profile says nothing.
 */
export function isOfFamily({ id, providerModelId }: Model, beginning: FamilyBeginning): boolean {
  return [id, providerModelId].some((name) => {
    const at = name.indexOf(beginning);
    return at === 0 || (at > 0 && './'.includes(name.charAt(at - 1)));
  });
}
