import { assertCleared, type Provider } from '../../core/index.ts';
import { throwIfCancelled } from '../cancelled.ts';
import { type BedrockOptions, createClient } from './client.ts';
import { converse } from './converse.ts';
import { embed } from './embed.ts';

/**
 * Amazon Bedrock Runtime, API version 2023-09-30. Conversations go out as `Converse` or `ConverseStream`, whatever
 * protocol they came in, embeddings as `InvokeModel`
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html). The request's id travels in
 * `requestMetadata`. Redirects are not followed, and proxies of the environment are not used.
 *
 * Beyond the contract, `invoke` rejects with `unsupported` or `invalidRequest` for what Bedrock has no form for.
 */
export function createBedrock(options: BedrockOptions): Provider {
  const client = createClient(options);
  return {
    name: options.name,
    async invoke(exchange, signal) {
      assertCleared(exchange);
      throwIfCancelled(signal);
      const { request } = exchange;
      switch (request.kind) {
        case 'conversation':
          return converse(client, { exchange, request }, signal);
        case 'embedding':
          return embed(client, { exchange, request }, signal);
        default:
          return request satisfies never;
      }
    },
    async close() {
      client.destroy();
    },
  };
}
