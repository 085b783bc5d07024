import type { Embedding, Model } from '../../core/index.ts';
import { toCount } from './completion-answer.ts';
import { isOfFamily } from './model-family.ts';
import { notSent } from './not-sent.ts';
import { isObject, notCarried, parseArray, parseCount, type WireObject } from './wire-value.ts';

/** Some of a request's texts as vectors, in their order. */
export interface Embedded {
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: number;
}

/** The body format of one family of embedding models, as `InvokeModel` takes it. */
export interface EmbeddingFormat {
  /** How many texts a call takes. */
  readonly texts: number;
  /** The members of `Embedding` that the format has a field for. */
  readonly settings: readonly (keyof Embedding)[];
  /** The members of an answer that are read, or that repeat what is. */
  readonly members: ReadonlySet<string>;
  /** The body, to be printed as JSON. */
  body(texts: readonly string[], request: Embedding): object;
  /** Throws `upstreamFailed` where the answer is malformed. */
  read(answer: WireObject, tokenHeader: string | undefined): Embedded;
}

/** docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titanV2: EmbeddingFormat = {
  texts: 1,
  settings: ['dimensions', 'normalize'],
  members: new Set(['embedding', 'inputTextTokenCount', 'embeddingsByType']),
  body: ([inputText], { dimensions, normalize }) => ({ inputText, dimensions, normalize }),
  read: ({ embedding, inputTextTokenCount }) => ({
    vectors: [parseVector(embedding)],
    tokens: parseCount(inputTextTokenCount),
  }),
};

const titanV1: EmbeddingFormat = { ...titanV2, settings: [], body: ([inputText]) => ({ inputText }) };

/** docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html */
const cohereV3: EmbeddingFormat = {
  texts: 96,
  settings: ['inputType', 'truncate'],
  members: new Set(['embeddings', 'id', 'response_type', 'texts']),
  body(texts, { inputType, truncate }) {
    if (inputType === undefined) throw notSent('texts without `inputType` for a model of this family');
    return { texts, input_type: inputType, truncate: truncate?.toUpperCase() };
  },
  read({ embeddings }, tokenHeader) {
    const vectors = isObject(embeddings) ? embeddings.float : embeddings;
    // The body tells no count.
    return { vectors: parseArray(vectors).map(parseVector), tokens: parseCount(toCount(tokenHeader)) };
  },
};

/** The format of a model. Throws `unsupported` where none is known. */
export function embeddingFormatOf(model: Model): EmbeddingFormat {
  if (isOfFamily(model, 'amazon.titan-embed-text-v2')) return titanV2;
  if (isOfFamily(model, 'amazon.titan-embed-text-v1') || isOfFamily(model, 'amazon.titan-embed-g1-text-'))
    return titanV1;
  const isCohere = isOfFamily(model, 'cohere.embed-english-v3') || isOfFamily(model, 'cohere.embed-multilingual-v3');
  if (isCohere) return cohereV3;
  throw notSent('embeddings of this model');
}

function parseVector(value: unknown): readonly number[] {
  const vector = parseArray(value);
  if (!vector.every((component) => typeof component === 'number')) throw notCarried('a vector that is none');
  return vector;
}
