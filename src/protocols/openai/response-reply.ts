import type { Answer, ReplyMeta, ReplyWriter, WireReply } from '../../core/index.ts';
import { toBlockedAnswer } from '../blocked-answer.ts';
import { createResponseEvents, type ResponseEvents } from './response-events.ts';
import { type ResponseMeta, writeWholeResponse } from './response-object.ts';
import type { Asked } from './response-request.ts';

/** Makes the writer of one response: a JSON object, or server-sent events. */
export function createResponseReply(reply: ReplyMeta, asked: Asked): ReplyWriter {
  const { requestId, createdAt, model } = reply;
  const meta: ResponseMeta = {
    key: requestId.replaceAll('-', ''),
    createdAt: Math.floor(createdAt / 1000),
    model,
    asked,
  };
  let latency = 0;
  const completedAt = () => Math.floor((createdAt + latency) / 1000);
  let made: ResponseEvents | undefined;
  // Made for the first event: a buffered answer has none.
  const stream = () => {
    made ??= createResponseEvents(meta, completedAt);
    return made;
  };
  const whole = (answer: Answer, latencyMs: number): WireReply => {
    latency = latencyMs;
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: Buffer.from(writeWholeResponse(answer, meta, completedAt())),
    };
  };
  return {
    whole,
    blocked: (blocked, latencyMs) => whole(toBlockedAnswer(blocked), latencyMs),
    streamHeaders: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-request-id': requestId,
    },
    events: (events) => Buffer.from(stream().events(events).join('')),
    end(latencyMs) {
      latency = latencyMs;
      return Buffer.from(stream().end().join(''));
    },
    fault: (error) => Buffer.from(stream().fail(error).join('')),
  };
}
