import { GatewayError, type ReplyMeta, type ReplyWriter } from '../../core/index.ts';
import { writeFault } from './errors.ts';

/** Makes the writer of one answer of `POST /v1/messages/count_tokens`. What the input side blocked is a fault. */
export function createCountReply({ requestId }: ReplyMeta): ReplyWriter {
  const notStreamed = (): never => {
    throw new GatewayError('internal', { cause: new Error('token counts are not streamed') });
  };
  return {
    whole: ({ usage }) => ({
      status: 200,
      headers: { 'content-type': 'application/json', 'request-id': requestId },
      body: Buffer.from(`{"input_tokens":${usage.inputTokens}}`),
    }),
    blocked: () => writeFault(new GatewayError('contentBlocked'), requestId),
    streamHeaders: {},
    events: notStreamed,
    end: notStreamed,
    fault: notStreamed,
  };
}
