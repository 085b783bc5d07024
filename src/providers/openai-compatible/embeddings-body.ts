import { type Embedding, type Exchange, textOf } from '../../core/index.ts';
import { unsupported } from './wire-text.ts';

/**
 * The body of `POST /embeddings` (platform.openai.com/docs/api-reference/embeddings). Throws `unsupported` for what the
 * API has no field for: vectors that are not to be normalised, their purpose, and cutting inputs that are too long.
 */
export function printEmbeddingsBody(exchange: Exchange, embedding: Embedding): string {
  const { inputs, dimensions, normalize, inputType, truncate } = embedding;
  if (normalize === false) throw unsupported('embeddings that are not normalised');
  if (inputType !== undefined) throw unsupported('a purpose of embeddings');
  // Without cutting, an input that is too long is an error: what the API does by itself.
  if (truncate !== undefined && truncate !== 'none') throw unsupported('cutting the inputs of embeddings');
  const input = inputs.map((index) => JSON.stringify(textOf(exchange, index))).join(',');
  const size = dimensions === undefined ? '' : `,"dimensions":${dimensions}`;
  const model = JSON.stringify(exchange.model.providerModelId);
  return `{"model":${model},"input":[${input}],"encoding_format":"float"${size}}`;
}
