import { type Embedding, type Exchange, GatewayError, textOf } from '../../core/index.ts';

/**
 * The body of `POST /embeddings` (platform.openai.com/docs/api-reference/embeddings). Throws `unsupported` for vectors
 * that are not to be normalised: the API has no field for it.
 */
export function printEmbeddingsBody(exchange: Exchange, { inputs, dimensions, normalize }: Embedding): string {
  if (normalize === false) throw new GatewayError('unsupported', { detail: 'embeddings that are not normalised' });
  const input = inputs.map((index) => JSON.stringify(textOf(exchange, index))).join(',');
  const size = dimensions === undefined ? '' : `,"dimensions":${dimensions}`;
  const model = JSON.stringify(exchange.model.providerModelId);
  return `{"model":${model},"input":[${input}],"encoding_format":"float"${size}}`;
}
