import { assertCleared, type Provider } from '../../core/index.ts';
import { throwIfCancelled } from '../cancelled.ts';
import { type BedrockOptions, createClients } from './client.ts';
import { complete } from './completion.ts';
import { converse } from './converse.ts';
import { countTokens } from './count-tokens.ts';
import { embed } from './embed.ts';

/**
 * Amazon Bedrock Runtime, API version 2023-09-30. Conversations go out as `Converse` or `ConverseStream`, whatever
 * protocol they came in; raw prompts and embeddings as `InvokeModel` in the format of the model's family; counts as
 * `CountTokens` (docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html). The
 * request's id travels in `requestMetadata`, or in the header for it. Redirects are not followed, and proxies of the
 * environment are not used.
 *
 * Beyond the contract, `invoke` rejects with `unsupported` or `invalidRequest` for what Bedrock has no form for.
 */
export function createBedrock(options: BedrockOptions): Provider {
  const clients = createClients(options);
  return {
    name: options.name,
    async invoke(exchange, signal) {
      assertCleared(exchange);
      throwIfCancelled(signal);
      const { request, caller } = exchange;
      const client = await clients.of(caller, signal);
      switch (request.kind) {
        case 'conversation':
          return converse(client, { exchange, request }, signal);
        case 'completion':
          return complete(client, { exchange, request }, signal);
        case 'embedding':
          return embed(client, { exchange, request }, signal);
        case 'tokenCount':
          return countTokens(client, { exchange, request }, signal);
        default:
          return request satisfies never;
      }
    },
    async close() {
      clients.destroy();
    },
  };
}
