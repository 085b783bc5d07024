import { type Answer, GatewayError, type ReplyMeta, type ReplyWriter } from '../../core/index.ts';
import type { ReadEmbeddings } from './embeddings-request.ts';
import { writeFault } from './errors.ts';

/** Makes the writer of one embeddings answer. It has no stream, and what the input side blocked is a fault. */
export function createEmbeddingsReply(meta: ReplyMeta, format: ReadEmbeddings['format']): ReplyWriter {
  const notStreamed = (): never => {
    throw new GatewayError('internal', { cause: new Error('embeddings are not streamed') });
  };
  return {
    whole: (answer) => ({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': meta.requestId },
      body: Buffer.from(writeEmbeddings(answer, meta.model, format)),
    }),
    blocked: () => writeFault(new GatewayError('contentBlocked'), meta.requestId),
    streamHeaders: {},
    events: notStreamed,
    end: notStreamed,
    fault: notStreamed,
  };
}

function writeEmbeddings(answer: Answer, model: string, format: ReadEmbeddings['format']): string {
  const { inputTokens } = answer.usage;
  return JSON.stringify({
    object: 'list',
    data: answer.embeddings.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'float' ? vector : toBase64(vector),
    })),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  });
}

/** The vector as little-endian 32-bit floats, in base64. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
