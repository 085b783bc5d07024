import { z } from 'zod';
import { createPartList, type Embedding, GatewayError } from '../../../core/index.ts';
import { notCarried } from '../../refusal.ts';
import { parseShape } from '../../shape.ts';
import type { AnswerForm, Family } from './family.ts';

const embeddingRequest = z.strictObject({
  inputText: z.string().min(1),
  dimensions: z.union([z.literal(256), z.literal(512), z.literal(1024)]).optional(),
  normalize: z.boolean().optional(),
  embeddingTypes: notCarried('embeddingTypes', ['float'], []),
});

const form: AnswerForm = {
  writeAnswer({ embeddings, usage }) {
    const [vector] = embeddings;
    if (vector === undefined) throw new GatewayError('upstreamFailed', { detail: 'an answer without an embedding' });
    const embedding = JSON.stringify(vector);
    return (
      `{"embedding":${embedding},"inputTextTokenCount":${usage.inputTokens},` +
      `"embeddingsByType":{"float":${embedding}}}`
    );
  },
};

/**
 * Amazon Titan Text Embeddings V2, float vectors alone
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html).
 */
export const titanEmbedText: Family = {
  read(document) {
    const { inputText, dimensions, normalize } = parseShape(embeddingRequest, document.value);
    const parts = createPartList();
    const request: Embedding = {
      kind: 'embedding',
      inputs: [parts.add({ kind: 'text', origin: 'user', path: '/inputText', text: inputText })],
      ...(dimensions === undefined ? {} : { dimensions }),
      ...(normalize === undefined ? {} : { normalize }),
    };
    return { request, parts: parts.parts, form };
  },
};
