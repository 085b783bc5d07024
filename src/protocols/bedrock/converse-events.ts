import { type AnswerStream, createAnswerStream, type Ending, type StreamedBlock } from '../answer-stream.ts';
import { stopReasons, toolUseText } from './converse-message.ts';

/** The members of `ConverseStreamOutput` that are no exceptions. */
export type ConverseEventType =
  | 'messageStart'
  | 'contentBlockStart'
  | 'contentBlockDelta'
  | 'contentBlockStop'
  | 'messageStop'
  | 'metadata';

/** One event of a conversation's stream; `json` is its whole payload. */
export interface ConverseEvent {
  readonly type: ConverseEventType;
  readonly json: string;
}

/**
 * Makes the writer of one streamed conversation, in the order
 * docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html gives: text blocks have no start.
 * `metadataText` is the payload of the last event, asked for when it is due.
 */
export function createConverseEvents(metadataText: (ending: Ending) => string): AnswerStream<ConverseEvent> {
  return createAnswerStream<ConverseEvent>({
    start: () => [{ type: 'messageStart', json: '{"role":"assistant"}' }],
    blockStart: ({ index, start }) => {
      if (start.kind === 'text') return [];
      const json = `{"contentBlockIndex":${index},"start":{"toolUse":{${toolUseText(start)}}}}`;
      return [{ type: 'contentBlockStart', json }];
    },
    delta: (block, text) => [
      { type: 'contentBlockDelta', json: `{"contentBlockIndex":${block.index},"delta":${toDelta(block, text)}}` },
    ],
    blockStop: ({ index }) => [{ type: 'contentBlockStop', json: `{"contentBlockIndex":${index}}` }],
    stop: (ending) => [
      { type: 'messageStop', json: `{"stopReason":"${stopReasons[ending.reason]}"}` },
      { type: 'metadata', json: metadataText(ending) },
    ],
  });
}

function toDelta({ start }: StreamedBlock, text: string): string {
  const quoted = JSON.stringify(text);
  return start.kind === 'text' ? `{"text":${quoted}}` : `{"toolUse":{"input":${quoted}}}`;
}
