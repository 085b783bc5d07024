import { z } from 'zod';
import { createPartList, type Embedding, GatewayError } from '../../../core/index.ts';
import { notCarried } from '../../refusal.ts';
import { parseShape } from '../../shape.ts';
import { nonEmpty, refused } from '../shapes.ts';
import type { AnswerForm, Family } from './family.ts';

const embeddingRequest = z.strictObject({
  texts: z.array(nonEmpty).min(1).max(96),
  input_type: z.enum(['search_document', 'search_query', 'classification', 'clustering']),
  truncate: z.enum(['NONE', 'START', 'END']).optional(),
  embedding_types: notCarried('embedding_types', ['float'], []),
  images: refused('uninspectable', 'images'),
});

const truncations = { NONE: 'none', START: 'start', END: 'end' } as const;

/**
 * Cohere Embed v3, float vectors of texts alone
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html).
 */
export const cohereEmbed: Family = {
  read(document) {
    const { texts, input_type, truncate, embedding_types } = parseShape(embeddingRequest, document.value);
    const parts = createPartList();
    const request: Embedding = {
      kind: 'embedding',
      inputs: texts.map((text, index) => parts.add({ kind: 'text', origin: 'user', path: `/texts/${index}`, text })),
      inputType: input_type,
      ...(truncate === undefined ? {} : { truncate: truncations[truncate] }),
    };
    const byType = Array.isArray(embedding_types) && embedding_types.length > 0;
    return { request, parts: parts.parts, form: createForm(texts, byType ? 'byType' : 'floats') };
  },
};

/** The answer takes another form once the body names types of vectors; it repeats the caller's own texts. */
function createForm(texts: readonly string[], shape: 'floats' | 'byType'): AnswerForm {
  return {
    writeAnswer({ embeddings }, { requestId: id }) {
      if (texts.some((_, index) => embeddings[index] === undefined) || embeddings.length > texts.length) {
        throw new GatewayError('upstreamFailed', { detail: 'as many embeddings as texts were expected' });
      }
      return shape === 'floats'
        ? JSON.stringify({ id, texts, embeddings, response_type: 'embeddings_floats' })
        : JSON.stringify({ id, texts, embeddings: { float: embeddings }, response_type: 'embeddings_by_type' });
    },
  };
}
