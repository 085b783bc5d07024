import type { StopReason } from '../../core/index.ts';
import { type AnswerStream, createAnswerStream, type StreamedBlock } from '../answer-stream.ts';
import { type ChatMeta, finishReasons, toUsage } from './chat-completion.ts';

interface ChunksMeta extends ChatMeta {
  /** Whether a last chunk without choices gives the token counts, and each before it says null. */
  readonly includeUsage: boolean;
}

/** Makes the writer of one streamed chat completion; its units are server-sent events, `[DONE]` the last of them. */
export function createChatChunks({ id, created, model, includeUsage }: ChunksMeta): AnswerStream<string> {
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
  const usageMember = includeUsage ? ',"usage":null' : '';
  const toChunk = (delta: string, reason?: StopReason) => {
    const finish = reason === undefined ? 'null' : `"${finishReasons[reason]}"`;
    const choice = `{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}`;
    return `data: ${head},"choices":[${choice}]${usageMember}}\n\n`;
  };
  return createAnswerStream<string>({
    start: () => [toChunk('{"role":"assistant","content":"","refusal":null}')],
    blockStart: (block) => (block.start.kind === 'text' ? [] : [toChunk(toCallStart(block, block.start))]),
    delta: (block, text) => [toChunk(toDelta(block, JSON.stringify(text)))],
    blockStop: () => [],
    stop: ({ reason, usage }) => [
      toChunk('{}', reason),
      ...(includeUsage ? [`data: ${head},"choices":[],"usage":${JSON.stringify(toUsage(usage))}}\n\n`] : []),
      'data: [DONE]\n\n',
    ],
  });
}

function toCallStart({ ordinal }: StreamedBlock, { id, name }: { readonly id: string; readonly name: string }): string {
  return JSON.stringify({
    tool_calls: [{ index: ordinal, id, type: 'function', function: { name, arguments: '' } }],
  });
}

function toDelta({ start, ordinal }: StreamedBlock, quoted: string): string {
  return start.kind === 'text'
    ? `{"content":${quoted}}`
    : `{"tool_calls":[{"index":${ordinal},"function":{"arguments":${quoted}}}]}`;
}
