import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type AnswerEvent, type Conversation, type Exchange, type ProviderAnswer, textOf } from '../../core/index.ts';
import { oneBatch } from '../one-batch.ts';
import { type Begun, call } from './call.ts';
import { collect } from './collect.ts';
import { parseConverseAnswer } from './converse-answer.ts';
import { converseBodyText } from './converse-body.ts';
import { createConverseStream } from './converse-stream.ts';
import { createStreamEventReader } from './stream-events.ts';
import { toInterrupted } from './upstream-error.ts';

/** Takes a conversation to `Converse` or `ConverseStream`, by the exchange's action. */
export async function converse(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: Conversation },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const isStream = exchange.action === 'InvokeModelWithResponseStream';
  const begun = await call(
    client,
    {
      operation: isStream ? 'ConverseStream' : 'Converse',
      model: exchange.model.providerModelId,
      body: converseBodyText(exchange, request),
    },
    signal,
  );
  const [stopSequence, ...others] = (request.inference.stopSequences ?? []).map((index) => textOf(exchange, index));
  const only = others.length === 0 ? stopSequence : undefined;
  const { requestId } = begun;
  return {
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    events: isStream
      ? streamed(begun, only, signal)
      : oneBatch(parseConverseAnswer(await collect(begun.body, signal), only)),
  };
}

/** The answer as it arrives: what one read of the socket completes is one batch. */
async function* streamed(
  { body }: Begun,
  stopSequence: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly AnswerEvent[]> {
  const reader = createStreamEventReader();
  const stream = createConverseStream(stopSequence);
  try {
    for await (const chunk of body) {
      const events: AnswerEvent[] = [];
      try {
        for (const frame of reader.push(chunk)) events.push(...stream.read(frame));
      } catch (error) {
        // What came before the fault counts, wherever the network happened to divide the two.
        if (events.length > 0) yield events;
        throw error;
      }
      if (events.length > 0) yield events;
    }
    reader.end();
    stream.end();
  } catch (error) {
    throw toInterrupted(error, signal);
  }
}
