import type { Answer, ReplyMeta, ReplyWriter, WireReply } from '../../core/index.ts';
import type { AnswerStream } from '../answer-stream.ts';
import { toBlockedAnswer } from '../blocked-answer.ts';
import { writeError } from './errors.ts';
import { createMessageEvents, type MessageEvent, writeMessage } from './messages.ts';

/** Makes the writer of one answer of `POST /v1/messages`: a JSON message, or server-sent events. */
export function createMessagesReply({ requestId, model }: ReplyMeta): ReplyWriter {
  const meta = { id: `msg_${requestId.replaceAll('-', '')}`, model };
  let made: AnswerStream<MessageEvent> | undefined;
  // Made for the first event: a buffered answer has none.
  const stream = () => {
    made ??= createMessageEvents(meta);
    return made;
  };
  const whole = (answer: Answer): WireReply => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    body: Buffer.from(writeMessage(answer, meta)),
  });
  return {
    whole,
    blocked: (blocked) => whole(toBlockedAnswer(blocked)),
    streamHeaders: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'request-id': requestId,
    },
    events: (events) => toBytes(stream().events(events)),
    end: () => toBytes(stream().end()),
    fault: (error) => toBytes([{ type: 'error', json: writeError(error, requestId) }]),
  };
}

function toBytes(events: readonly MessageEvent[]): Uint8Array {
  let text = '';
  for (const { type, json } of events) text += `event: ${type}\ndata: ${json}\n\n`;
  return Buffer.from(text);
}
