import type { Answer, ReplyMeta, ReplyWriter, WireReply } from '../../core/index.ts';
import type { AnswerStream } from '../answer-stream.ts';
import { toBlockedAnswer } from '../blocked-answer.ts';
import { createChatChunks } from './chat-chunks.ts';
import { writeChatCompletion } from './chat-completion.ts';
import { writeError } from './errors.ts';

/** Makes the writer of one chat completion: a JSON object, or server-sent chunks. */
export function createChatReply(reply: ReplyMeta, includeUsage: boolean): ReplyWriter {
  const { requestId, createdAt, model } = reply;
  const meta = { id: `chatcmpl-${requestId.replaceAll('-', '')}`, created: Math.floor(createdAt / 1000), model };
  let made: AnswerStream<string> | undefined;
  // Made for the first event: a buffered answer has none.
  const chunks = () => {
    made ??= createChatChunks({ ...meta, includeUsage });
    return made;
  };
  const whole = (answer: Answer): WireReply => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: Buffer.from(writeChatCompletion(answer, meta)),
  });
  return {
    whole,
    blocked: (blocked) => whole(toBlockedAnswer(blocked)),
    streamHeaders: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-request-id': requestId,
    },
    events: (events) => Buffer.from(chunks().events(events).join('')),
    end: () => Buffer.from(chunks().end().join('')),
    fault: (error) => Buffer.from(`data: ${writeError(error)}\n\n`),
  };
}
