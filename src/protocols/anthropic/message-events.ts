import type { AnswerBlockStart, AnswerEvent, StopReason, Usage } from '../../core/index.ts';
import { createWholeCharacters, type WholeCharacters } from '../whole-characters.ts';
import { countsText, type MessageMeta, stopText, textText, toolUseText, writeOpening } from './message.ts';

/** One event of a streamed message. `json` is the whole data object; its `type` is `type`. */
export interface MessageEvent {
  readonly type: string;
  readonly json: string;
}

/** Turns answer events into those of a streamed message, in order. */
export interface MessageEvents {
  events(events: readonly AnswerEvent[]): readonly MessageEvent[];
  /** The events that close the message. Call once, after the last answer event. */
  end(): readonly MessageEvent[];
}

interface OpenBlock {
  readonly index: number;
  readonly kind: AnswerBlockStart['kind'];
  readonly characters: WholeCharacters;
}

/**
 * Makes the writer of one streamed message.
 *
 * Blocks are numbered from 0 without gaps, since clients keep them in an array, and are closed before the message is.
 * Token counts come last from a provider: `message_start` says 0 and `message_delta` the whole of them.
 */
export function createMessageEvents(meta: MessageMeta): MessageEvents {
  const open = new Map<number, OpenBlock>();
  let started = 0;
  let stop: { readonly reason: StopReason; readonly sequence?: string | undefined } = { reason: 'endTurn' };
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };

  function write(event: AnswerEvent): readonly MessageEvent[] {
    switch (event.kind) {
      case 'start':
        return [toEvent('message_start', `"message":${writeOpening(meta)}`)];
      case 'blockStart': {
        const block: OpenBlock = { index: started, kind: event.block.kind, characters: createWholeCharacters() };
        open.set(event.index, block);
        started += 1;
        return [toEvent('content_block_start', `"index":${block.index},"content_block":${toBlock(event.block)}`)];
      }
      case 'delta': {
        const block = open.get(event.index);
        return block === undefined ? [] : toDelta(block, block.characters.push(event.text));
      }
      case 'blockStop': {
        const block = open.get(event.index);
        open.delete(event.index);
        return block === undefined ? [] : close(block);
      }
      case 'stop':
        stop = { reason: event.reason, sequence: event.stopSequence };
        return [];
      case 'usage':
        usage = event.usage;
        return [];
      case 'embedding':
        return [];
      default:
        return event satisfies never;
    }
  }

  return {
    events: (events) => events.flatMap(write),
    end: () => [
      ...[...open.values()].flatMap(close),
      toEvent('message_delta', `"delta":{${stopText(stop)},"container":null},"usage":{${countsText(usage)}}`),
      { type: 'message_stop', json: '{"type":"message_stop"}' },
    ],
  };
}

function close(block: OpenBlock): readonly MessageEvent[] {
  return [...toDelta(block, block.characters.flush()), toEvent('content_block_stop', `"index":${block.index}`)];
}

function toDelta({ index, kind }: OpenBlock, text: string): readonly MessageEvent[] {
  if (text === '') return [];
  const quoted = JSON.stringify(text);
  const delta =
    kind === 'text' ? `{"type":"text_delta","text":${quoted}}` : `{"type":"input_json_delta","partial_json":${quoted}}`;
  return [toEvent('content_block_delta', `"index":${index},"delta":${delta}`)];
}

function toBlock(block: AnswerBlockStart): string {
  return block.kind === 'text' ? textText('') : toolUseText(block, '{}');
}

function toEvent(type: string, members: string): MessageEvent {
  return { type, json: `{"type":"${type}",${members}}` };
}
