import { z } from 'zod';
import {
  createPartList,
  type Embedding,
  GatewayError,
  type JsonDocument,
  type Part,
  parseModelId,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';

/** An embeddings request: its structure, and every text in it. */
export interface ReadEmbeddings {
  readonly model: string;
  readonly format: 'float' | 'base64';
  readonly request: Embedding;
  readonly parts: readonly Part[];
}

const text = z.string().min(1);

const tokens = z.union([z.number(), z.array(z.number())]).transform((): never => {
  throw new GatewayError('uninspectable', { detail: '`input` in tokens; send it as text' });
});

/** A body of `POST /embeddings` (platform.openai.com/docs/api-reference/embeddings). */
const embeddingsRequest = z.strictObject({
  model: z.string(),
  input: z.union([
    text,
    z
      .array(z.union([text, tokens]))
      .min(1)
      .max(2048),
  ]),
  encoding_format: z.enum(['float', 'base64']).optional(),
  dimensions: z.int().min(1).optional(),
  user: z.string().optional(),
});

/** Reads an embeddings request. Throws `invalidRequest` or, for inputs that are lists of tokens, `uninspectable`. */
export function readEmbeddings(document: JsonDocument): ReadEmbeddings {
  const { model, input, encoding_format, dimensions, user } = parseShape(embeddingsRequest, document.value);
  const parts = createPartList();
  const inputs =
    typeof input === 'string'
      ? [parts.add({ kind: 'text', origin: 'user', path: '/input', text: input })]
      : input.map((text, index) => parts.add({ kind: 'text', origin: 'user', path: `/input/${index}`, text }));
  // An embedding takes no metadata along; the part lets it be inspected and recorded.
  if (user !== undefined) parts.add({ kind: 'text', origin: 'metadata', path: '/user', text: user });
  return {
    model: parseModelId(model),
    format: encoding_format ?? 'float',
    request: { kind: 'embedding', inputs, ...(dimensions === undefined ? {} : { dimensions }) },
    parts: parts.parts,
  };
}
