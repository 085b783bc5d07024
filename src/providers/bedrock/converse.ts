import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { Conversation, Exchange, ProviderAnswer } from '../../core/index.ts';
import { oneBatch } from '../one-batch.ts';
import { traceHeaders } from '../trace-headers.ts';
import { createAsked } from './asked.ts';
import { call } from './call.ts';
import { collect } from './collect.ts';
import { parseConverseAnswer } from './converse-answer.ts';
import { converseBodyText } from './converse-body.ts';
import { createConverseStream } from './converse-stream.ts';
import { createDropped } from './dropped.ts';
import { streamed } from './streamed.ts';

/** Takes a conversation to `Converse` or `ConverseStream`, by the exchange's action. */
export async function converse(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: Conversation },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const isStream = exchange.action === 'InvokeModelWithResponseStream';
  const operation = isStream ? 'ConverseStream' : 'Converse';
  const model = exchange.model.providerModelId;
  const { requestId, body } = await call(
    client,
    { operation, model, headers: traceHeaders(exchange), body: converseBodyText(exchange, request) },
    signal,
  );
  const dropped = createDropped();
  const reading = { asked: createAsked(exchange, request), dropped };
  return {
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    dropped: () => dropped.count,
    events: isStream
      ? streamed(body, createConverseStream(reading), signal)
      : oneBatch(parseConverseAnswer(await collect(body, signal), reading)),
  };
}
