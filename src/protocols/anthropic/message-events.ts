import { type AnswerStream, createAnswerStream, type StreamedBlock } from '../answer-stream.ts';
import { toCitation } from './citation.ts';
import {
  countsText,
  type MessageMeta,
  redactedText,
  stopText,
  textText,
  thinkingText,
  tokenOf,
  toolUseText,
  writeOpening,
} from './message.ts';

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
  const thinking = createThinking();
  return createAnswerStream<MessageEvent>({
    start: () => [toEvent('message_start', `"message":${writeOpening(meta)}`)],
    blockStart(block) {
      if (block.start.kind === 'reasoning') return [];
      return [toStart(block, block.start.kind === 'text' ? textText('') : toolUseText(block.start, '{}'))];
    },
    delta(block, text) {
      const quoted = JSON.stringify(text);
      switch (block.start.kind) {
        case 'text':
          return [toDelta(block, `{"type":"text_delta","text":${quoted}}`)];
        case 'toolUse':
          return [toDelta(block, `{"type":"input_json_delta","partial_json":${quoted}}`)];
        case 'reasoning':
          return [...thinking.begin(block), toDelta(block, `{"type":"thinking_delta","thinking":${quoted}}`)];
        default:
          return block.start satisfies never;
      }
    },
    proof: (block, proof) => thinking.prove(block, tokenOf(proof)),
    citation: (block, citation) => [
      toDelta(block, `{"type":"citations_delta","citation":${JSON.stringify(toCitation(citation))}}`),
    ],
    blockStop: (block) => [
      ...(block.start.kind === 'reasoning' ? thinking.begin(block) : []),
      toEvent('content_block_stop', `"index":${block.index}`),
    ],
    stop: (ending) => [
      toEvent('message_delta', `"delta":{${stopText(ending)},"container":null},"usage":{${countsText(ending.usage)}}`),
      { type: 'message_stop', json: '{"type":"message_stop"}' },
    ],
  });
}

/**
 * Starts blocks of reasoning once it is known of which type they are: `thinking` with the first text, and
 * `redacted_thinking`, whose data stands in the start itself, where a proof comes and no text did.
 */
function createThinking() {
  const begun = new WeakSet<StreamedBlock>();
  const begin = (block: StreamedBlock, content = thinkingText('', '')): readonly MessageEvent[] => {
    if (begun.has(block)) return [];
    begun.add(block);
    return [toStart(block, content)];
  };
  return {
    begin: (block: StreamedBlock) => begin(block),
    prove(block: StreamedBlock, token: string): readonly MessageEvent[] {
      if (!begun.has(block)) return begin(block, redactedText(token));
      return [toDelta(block, `{"type":"signature_delta","signature":${JSON.stringify(token)}}`)];
    },
  };
}

function toStart({ index }: StreamedBlock, content: string): MessageEvent {
  return toEvent('content_block_start', `"index":${index},"content_block":${content}`);
}

function toDelta({ index }: StreamedBlock, delta: string): MessageEvent {
  return toEvent('content_block_delta', `"index":${index},"delta":${delta}`);
}

function toEvent(type: string, members: string): MessageEvent {
  return { type, json: `{"type":"${type}",${members}}` };
}
