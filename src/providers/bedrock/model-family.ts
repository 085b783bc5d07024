import type { Model } from '../../core/index.ts';

/** How the ids of a family's models begin, where this provider must know. */
type Beginning = 'anthropic.' | 'amazon.nova-' | 'amazon.titan-embed-text-v2';

/**
 * Whether a model is of a family, by its own id or the provider's: an inference profile's id may have a region before
 * the model's (`us.anthropic.…`), an ARN a path, and the ARN of an application profile says nothing.
 */
export function isOfFamily({ id, providerModelId }: Model, beginning: Beginning): boolean {
  return [id, providerModelId].some((name) => {
    const at = name.indexOf(beginning);
    return at === 0 || (at > 0 && './'.includes(name.charAt(at - 1)));
  });
}
