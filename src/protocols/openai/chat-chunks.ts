import type { AnswerEvent, StopReason, Usage } from '../../core/index.ts';
import { type AnswerStream, createAnswerStream, type StreamedBlock } from '../answer-stream.ts';
import { type ChatMeta, finishReasons, toUsage } from './chat-completion.ts';

interface ChunksMeta extends ChatMeta {
  /** Whether a last chunk without choices gives the token counts, and each before it says null. */
  readonly includeUsage: boolean;
}

/**
 * Makes the writer of one streamed chat completion; its units are server-sent events, `[DONE]` the last of them. Each
 * choice is a stream of its own, in chunks that carry its number.
 */
export function createChatChunks({ id, created, model, includeUsage }: ChunksMeta): AnswerStream<string> {
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
  const tail = includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const choices = new Map<number, AnswerStream<string>>();
  let current = choiceOf(0);
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };

  function choiceOf(index: number): AnswerStream<string> {
    const known = choices.get(index);
    if (known !== undefined) return known;
    const start = `data: ${head},"choices":[{"index":${index},"delta":`;
    const made = createChoice((delta, reason) => {
      const finish = reason === undefined ? 'null' : `"${finishReasons[reason]}"`;
      return `${start}${delta},"logprobs":null,"finish_reason":${finish}}${tail}`;
    });
    choices.set(index, made);
    return made;
  }

  /** The chunks of a batch: those between two marks are of one stream. */
  function write(events: readonly AnswerEvent[]): readonly string[] {
    if (!events.some(isMark)) return current.events(events);
    const chunks: string[] = [];
    let from = 0;
    for (const [at, event] of events.entries()) {
      if (!isMark(event)) continue;
      chunks.push(...current.events(events.slice(from, at)));
      if (event.kind === 'choice') current = choiceOf(event.choice);
      else usage = event.usage;
      from = at + 1;
    }
    return [...chunks, ...current.events(events.slice(from))];
  }

  return {
    events: write,
    end: () => [
      ...[...choices.values()].flatMap((choice) => choice.end()),
      ...(includeUsage ? [`data: ${head},"choices":[],"usage":${JSON.stringify(toUsage(usage))}}\n\n`] : []),
      'data: [DONE]\n\n',
    ],
  };
}

/** Whether an event is of the answer rather than of one of its choices. */
function isMark(event: AnswerEvent): event is Extract<AnswerEvent, { kind: 'choice' | 'usage' }> {
  return event.kind === 'choice' || event.kind === 'usage';
}

type ToChunk = (delta: string, reason?: StopReason) => string;

function createChoice(toChunk: ToChunk): AnswerStream<string> {
  return createAnswerStream<string>({
    start: () => [toChunk('{"role":"assistant","content":"","refusal":null}')],
    blockStart: (block) => (block.start.kind === 'toolUse' ? [toChunk(toCallStart(block, block.start))] : []),
    delta: (block, text) => [toChunk(toDelta(block, JSON.stringify(text)))],
    // A chunk has no field for either.
    proof: () => [],
    citation: () => [],
    blockStop: () => [],
    stop: ({ reason }) => [toChunk('{}', reason)],
  });
}

function toCallStart({ ordinal }: StreamedBlock, { id, name }: { readonly id: string; readonly name: string }): string {
  return JSON.stringify({
    tool_calls: [{ index: ordinal, id, type: 'function', function: { name, arguments: '' } }],
  });
}

function toDelta({ start, ordinal }: StreamedBlock, quoted: string): string {
  switch (start.kind) {
    case 'text':
      return `{"content":${quoted}}`;
    case 'reasoning':
      return `{"reasoning_content":${quoted}}`;
    case 'toolUse':
      return `{"tool_calls":[{"index":${ordinal},"function":{"arguments":${quoted}}}]}`;
    default:
      return start satisfies never;
  }
}
