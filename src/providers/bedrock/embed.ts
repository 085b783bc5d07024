import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type AnswerEvent, type Embedding, type Exchange, type ProviderAnswer, textOf } from '../../core/index.ts';
import { oneBatch } from '../one-batch.ts';
import { traceHeaders } from '../trace-headers.ts';
import { type Begun, call } from './call.ts';
import { collect } from './collect.ts';
import { parseBody } from './converse-answer.ts';
import { createDropped } from './dropped.ts';
import { type Embedded, embeddingFormatOf } from './embedding-formats.ts';
import { refuseOthers } from './not-sent.ts';
import { requestMetadataHeader } from './request-metadata.ts';
import { notCarried, parseObject } from './wire-value.ts';

/** Calls of one request that are under way at a time. */
const CONCURRENCY = 4;

/**
 * Takes texts to `InvokeModel` in the format of their model's family, as many a call as that takes. The first call that
 * fails cancels the others. Throws `unsupported` for a model whose format is not known, and for what it has no field for.
 * The provider's id of the request is that of its first call.
 */
export async function embed(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: Embedding },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const format = embeddingFormatOf(exchange.model);
  refuseOthers(request, ['inputs', ...format.settings], 'for a model of this family');
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const dropped = createDropped();
  const embedded: Embedded[] = [];
  const requestIds: Begun['requestId'][] = [];
  const waiting = divided(request.inputs, format.texts).entries();

  async function work(): Promise<void> {
    for (const [index, inputs] of waiting) {
      const texts = inputs.map((input) => textOf(exchange, input));
      const body = JSON.stringify(format.body(texts, request));
      const headers = { ...requestMetadataHeader(exchange), ...traceHeaders(exchange), accept: 'application/json' };
      const model = exchange.model.providerModelId;
      const begun = await call(client, { operation: 'InvokeModel', model, headers, body }, either);
      requestIds[index] = begun.requestId;
      const answer = parseObject(parseBody(await collect(begun.body, either)).value);
      dropped.besides(answer, format.members);
      const read = format.read(answer, begun.header('x-amzn-bedrock-input-token-count'));
      embedded[index] = checked(read, texts.length, request.dimensions);
    }
  }

  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
  const [requestId] = requestIds;
  return {
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    dropped: () => dropped.count,
    events: oneBatch(toEvents(embedded)),
  };
}

function divided<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

function checked(embedded: Embedded, texts: number, dimensions: number | undefined): Embedded {
  const { vectors } = embedded;
  const isAsked = vectors.every(({ length }) => length === (dimensions ?? length));
  if (vectors.length !== texts || !isAsked) throw notCarried('a vector that was not asked for');
  return embedded;
}

function toEvents(embedded: readonly Embedded[]): readonly AnswerEvent[] {
  const inputTokens = embedded.reduce((sum, { tokens }) => sum + tokens, 0);
  const vectors = embedded.flatMap((each) => each.vectors);
  return [
    { kind: 'start' },
    ...vectors.map((vector, index) => ({ kind: 'embedding', index, vector }) as const),
    { kind: 'stop', reason: 'endTurn' },
    { kind: 'usage', usage: { inputTokens, outputTokens: 0 } },
  ];
}
