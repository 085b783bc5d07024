import type { AnswerBlockStart, AnswerEvent, Citation, ReasoningProof, StopReason, Usage } from '../core/index.ts';
import { createWholeCharacters, type WholeCharacters } from './whole-characters.ts';

/** A block of an answer on its way out. */
export interface StreamedBlock {
  readonly start: AnswerBlockStart;
  /** Counts from 0 over all blocks, without gaps: clients keep them in an array. */
  readonly index: number;
  /** Counts from 0 over the blocks of its kind. */
  readonly ordinal: number;
}

/** How an answer ended, with all its tokens. */
export interface Ending {
  readonly reason: StopReason;
  readonly stopSequence?: string;
  readonly usage: Usage;
}

/** What a protocol sends for each step of an answer, as a list of its own units. */
export interface AnswerStreamWriter<Unit> {
  start(): readonly Unit[];
  blockStart(block: StreamedBlock): readonly Unit[];
  /** `text` is never empty and never holds half a character. */
  delta(block: StreamedBlock, text: string): readonly Unit[];
  /** The last of a reasoning block. */
  proof(block: StreamedBlock, proof: ReasoningProof): readonly Unit[];
  /** What the text of the block so far rests on. */
  citation(block: StreamedBlock, citation: Citation): readonly Unit[];
  blockStop(block: StreamedBlock): readonly Unit[];
  stop(ending: Ending): readonly Unit[];
}

/** Turns answer events into a protocol's units, in order. */
export interface AnswerStream<Unit> {
  events(events: readonly AnswerEvent[]): readonly Unit[];
  /** The units that close the answer. Call once, after the last event. */
  end(): readonly Unit[];
}

interface OpenBlock extends StreamedBlock {
  readonly characters: WholeCharacters;
  empty: boolean;
}

/**
 * Makes the stream of one answer. What a client gathers from it is what `toAnswer` gives for the same events: blocks
 * left open are closed, and a tool call without arguments gets the empty object, since nothing is not JSON.
 */
export function createAnswerStream<Unit>(writer: AnswerStreamWriter<Unit>): AnswerStream<Unit> {
  const open = new Map<number, OpenBlock>();
  const started = { text: 0, reasoning: 0, toolUse: 0 };
  let index = 0;
  let stop: Omit<Ending, 'usage'> = { reason: 'endTurn' };
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };

  function openBlock(start: AnswerBlockStart): OpenBlock {
    const block = { start, index, ordinal: started[start.kind], characters: createWholeCharacters(), empty: true };
    started[start.kind] += 1;
    index += 1;
    return block;
  }

  function write(event: AnswerEvent): readonly Unit[] {
    switch (event.kind) {
      case 'start':
        return writer.start();
      case 'blockStart': {
        const block = openBlock(event.block);
        open.set(event.index, block);
        return writer.blockStart(block);
      }
      case 'delta':
        return writeText(writer, open.get(event.index), event.text);
      case 'proof': {
        const block = open.get(event.index);
        return block === undefined ? [] : [...flush(writer, block), ...writer.proof(block, event.proof)];
      }
      case 'citation': {
        const block = open.get(event.index);
        // Half a character that waits is not sent for it: the other half may still come.
        return block === undefined ? [] : writer.citation(block, event.citation);
      }
      case 'blockStop': {
        const block = open.get(event.index);
        open.delete(event.index);
        return block === undefined ? [] : close(writer, block);
      }
      case 'stop':
        stop = event;
        return [];
      case 'usage':
        usage = event.usage;
        return [];
      // Only embedding requests have vectors for an answer, and those are not streamed; choices are told apart before.
      case 'embedding':
      case 'choice':
        return [];
      default:
        return event satisfies never;
    }
  }

  return {
    events: (events) => events.flatMap(write),
    end: () => [...[...open.values()].flatMap((block) => close(writer, block)), ...writer.stop({ ...stop, usage })],
  };
}

function writeText<Unit>(
  writer: AnswerStreamWriter<Unit>,
  block: OpenBlock | undefined,
  text: string,
): readonly Unit[] {
  const whole = block?.characters.push(text) ?? '';
  if (block === undefined || whole === '') return [];
  block.empty = false;
  return writer.delta(block, whole);
}

function close<Unit>(writer: AnswerStreamWriter<Unit>, block: OpenBlock): readonly Unit[] {
  const rest = flush(writer, block);
  if (!block.empty || block.start.kind !== 'toolUse') return [...rest, ...writer.blockStop(block)];
  return [...writer.delta(block, '{}'), ...writer.blockStop(block)];
}

/** What was kept back: half a character, which nothing completes any more. */
function flush<Unit>(writer: AnswerStreamWriter<Unit>, block: OpenBlock): readonly Unit[] {
  const kept = block.characters.flush();
  if (kept === '') return [];
  block.empty = false;
  return writer.delta(block, kept);
}
