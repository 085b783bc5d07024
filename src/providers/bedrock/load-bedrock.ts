import type { Provider } from '../../core/index.ts';
import type { BedrockOptions } from './client.ts';

/** Makes the Bedrock provider. The AWS SDK is loaded only here: a gateway without one starts without it. */
export async function loadBedrock(options: BedrockOptions): Promise<Provider> {
  const { createBedrock } = await import('./bedrock.ts');
  return createBedrock(options);
}
