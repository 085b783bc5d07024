import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { Completion, Exchange, ProviderAnswer } from '../../core/index.ts';
import { textOf } from '../../core/index.ts';
import { oneBatch } from '../one-batch.ts';
import { traceHeaders } from '../trace-headers.ts';
import { onlyStopSequence } from './asked.ts';
import { call } from './call.ts';
import { collect } from './collect.ts';
import { createCompletionStream, parseCompletion } from './completion-answer.ts';
import { createDropped } from './dropped.ts';
import { completionFamilyOf } from './families/families.ts';
import { refuseOthers } from './not-sent.ts';
import { guardrailHeaders } from './remote-guardrail.ts';
import { requestMetadataHeader } from './request-metadata.ts';
import { streamed } from './streamed.ts';

/** Takes a raw prompt to `InvokeModel` or `InvokeModelWithResponseStream`, in the format of its model's family. */
export async function complete(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: Completion },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const isStream = exchange.action === 'InvokeModelWithResponseStream';
  const family = completionFamilyOf(exchange.model);
  const accept = isStream ? 'x-amzn-bedrock-accept' : 'accept';
  const begun = await call(
    client,
    {
      operation: isStream ? 'InvokeModelWithResponseStream' : 'InvokeModel',
      model: exchange.model.providerModelId,
      headers: {
        ...requestMetadataHeader(exchange),
        ...traceHeaders(exchange),
        ...guardrailHeaders(exchange),
        [accept]: 'application/json',
      },
      body: completionBodyText(exchange, request, isStream),
    },
    signal,
  );
  const { requestId, body, header } = begun;
  const { stopSequence } = onlyStopSequence(exchange, request.inference);
  const dropped = createDropped();
  const reading = { family, stopSequence, dropped };
  return {
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    dropped: () => dropped.count,
    events: isStream
      ? streamed(body, createCompletionStream(reading), signal)
      : oneBatch(parseCompletion(await collect(body, signal), header, reading)),
  };
}

/** The body as JSON text. Throws `unsupported` for what the family has no field for. */
export function completionBodyText(exchange: Exchange, { prompt, inference }: Completion, isStream: boolean): string {
  const family = completionFamilyOf(exchange.model);
  refuseOthers(inference, family.settings, 'for a model of this family');
  const { stopSequences, ...settings } = inference;
  const stops = stopSequences?.length ? { stopSequences: stopSequences.map((index) => textOf(exchange, index)) } : {};
  return JSON.stringify(family.body(textOf(exchange, prompt), { ...settings, ...stops }, isStream));
}
