import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  type AnswerEvent,
  type Embedding,
  type Exchange,
  GatewayError,
  type ProviderAnswer,
  textOf,
} from '../../core/index.ts';
import { oneBatch } from '../one-batch.ts';
import { call } from './call.ts';
import { collect } from './collect.ts';
import { parseBody } from './converse-answer.ts';
import { isOfFamily } from './model-family.ts';
import { requestMetadataHeader } from './request-metadata.ts';
import { notCarried, parseArray, parseCount, parseObject } from './wire-value.ts';

/** Calls of one request that are under way at a time. */
const CONCURRENCY = 4;

interface Embedded {
  readonly vector: readonly number[];
  readonly tokens: number;
}

/**
 * Takes each input to `InvokeModel` in the format of Amazon Titan Text Embeddings V2, which has room for one
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html). The first call that fails
 * cancels the others. Throws `unsupported` for another model.
 */
export async function embed(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: Embedding },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  if (!isOfFamily(exchange.model, 'amazon.titan-embed-text-v2')) {
    throw new GatewayError('unsupported', { detail: 'embeddings of this model' });
  }
  const { inputs, dimensions, normalize } = request;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const embedded: Embedded[] = [];
  const waiting = inputs.entries();

  async function work(): Promise<void> {
    for (const [index, input] of waiting) {
      const body = JSON.stringify({ inputText: textOf(exchange, input), dimensions, normalize });
      const headers = { ...requestMetadataHeader(exchange), accept: 'application/json' };
      const model = exchange.model.providerModelId;
      const begun = await call(client, { operation: 'InvokeModel', model, headers, body }, either);
      embedded[index] = parseEmbedded(await collect(begun.body, either), dimensions);
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, inputs.length) }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return { events: oneBatch(toEvents(embedded)) };
}

function toEvents(embedded: readonly Embedded[]): readonly AnswerEvent[] {
  const inputTokens = embedded.reduce((sum, { tokens }) => sum + tokens, 0);
  return [
    { kind: 'start' },
    ...embedded.map(({ vector }, index) => ({ kind: 'embedding', index, vector }) as const),
    { kind: 'stop', reason: 'endTurn' },
    { kind: 'usage', usage: { inputTokens, outputTokens: 0 } },
  ];
}

function parseEmbedded(body: Uint8Array, dimensions: number | undefined): Embedded {
  const { embedding, inputTextTokenCount } = parseObject(parseBody(body).value);
  const vector = parseArray(embedding);
  if (!vector.every((component) => typeof component === 'number') || vector.length !== (dimensions ?? vector.length)) {
    throw notCarried('a vector that was not asked for');
  }
  return { vector, tokens: parseCount(inputTextTokenCount) };
}
