import type { AnswerBlockStart } from '../../core/index.ts';
import { type AnswerStream, createAnswerStream, type StreamedBlock } from '../answer-stream.ts';
import { countsText, type MessageMeta, stopText, textText, toolUseText, writeOpening } from './message.ts';

/** One event of a streamed message. `json` is the whole data object; its `type` is `type`. */
export interface MessageEvent {
  readonly type: string;
  readonly json: string;
}

/**
 * Makes the writer of one streamed message.
 *
 * Token counts come last from a provider: `message_start` says 0 and `message_delta` the whole of them.
 */
export function createMessageEvents(meta: MessageMeta): AnswerStream<MessageEvent> {
  return createAnswerStream<MessageEvent>({
    start: () => [toEvent('message_start', `"message":${writeOpening(meta)}`)],
    blockStart: ({ index, start }) => [
      toEvent('content_block_start', `"index":${index},"content_block":${toContentBlock(start)}`),
    ],
    delta: (block, text) => [
      toEvent('content_block_delta', `"index":${block.index},"delta":${toDelta(block, JSON.stringify(text))}`),
    ],
    blockStop: ({ index }) => [toEvent('content_block_stop', `"index":${index}`)],
    stop: (ending) => [
      toEvent('message_delta', `"delta":{${stopText(ending)},"container":null},"usage":{${countsText(ending.usage)}}`),
      { type: 'message_stop', json: '{"type":"message_stop"}' },
    ],
  });
}

function toContentBlock(block: AnswerBlockStart): string {
  return block.kind === 'text' ? textText('') : toolUseText(block, '{}');
}

function toDelta({ start }: StreamedBlock, quoted: string): string {
  return start.kind === 'text'
    ? `{"type":"text_delta","text":${quoted}}`
    : `{"type":"input_json_delta","partial_json":${quoted}}`;
}

function toEvent(type: string, members: string): MessageEvent {
  return { type, json: `{"type":"${type}",${members}}` };
}
