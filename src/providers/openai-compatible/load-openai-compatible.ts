import type { Provider } from '../../core/index.ts';
import type { OpenAICompatibleOptions } from './openai-compatible.ts';

/** Makes the provider. `undici` is loaded only here: a gateway without one starts without it. Rejects as it throws. */
export async function loadOpenAICompatible(options: OpenAICompatibleOptions): Promise<Provider> {
  const { createOpenAICompatible } = await import('./openai-compatible.ts');
  return createOpenAICompatible(options);
}
