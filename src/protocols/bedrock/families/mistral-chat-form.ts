import { type Answer, GatewayError, type ReplyMeta, type StopReason } from '../../../core/index.ts';
import { createAnswerStream, type StreamedBlock } from '../../answer-stream.ts';
import type { AnswerForm, Chunks } from './family.ts';
import { refuse, stopOrLength } from './text-form.ts';

const stopReasons = { ...stopOrLength, toolUse: 'tool_calls' } as const;

/** Longest arguments of one call, in UTF-16 units: a call comes in one chunk, which holds at most 1,000,000 bytes. */
const MAX_ARGUMENTS = 150_000;

/**
 * Answers of Mistral AI's chat. The user guide names `stop_reason`, models from 2407 on have `finish_reason`, and clients
 * read either.
 */
export const chatForm: AnswerForm = {
  writeAnswer(answer, meta) {
    const { inputTokens, outputTokens } = answer.usage;
    const usage = JSON.stringify({
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    });
    const body = chatText(meta, { object: 'chat.completion', message: toMessage(answer), reason: answer.stop });
    return `${body.slice(0, -1)},"usage":${usage}}`;
  },
  createChunks,
};

function createChunks(meta: ReplyMeta): Chunks {
  const calls = new Map<number, string>();
  const nothing = (): readonly string[] => [];
  const chunk = (message: object, reason?: StopReason) =>
    chatText(meta, { object: 'chat.completion.chunk', message: { role: 'assistant', ...message }, reason });
  return createAnswerStream<string>({
    start: nothing,
    blockStart: ({ start }) => (start.kind === 'reasoning' ? refuse('reasoning') : []),
    delta({ start, index }, text) {
      if (start.kind === 'text') return [chunk({ content: text })];
      const gathered = (calls.get(index) ?? '') + text;
      if (gathered.length > MAX_ARGUMENTS) {
        throw new GatewayError('upstreamFailed', { detail: 'tool arguments longer than a chunk of the stream' });
      }
      calls.set(index, gathered);
      return [];
    },
    proof: () => refuse('reasoning'),
    citation: () => refuse('citation'),
    blockStop: ({ start, index }: StreamedBlock) =>
      start.kind === 'toolUse' ? [chunk({ content: '', tool_calls: [toCall(start, calls.get(index) ?? '')] })] : [],
    stop: ({ reason }) => [chunk({ content: '' }, reason)],
  });
}

interface ChatBody {
  readonly object: string;
  readonly message: object;
  readonly reason?: StopReason | undefined;
}

function chatText({ requestId, createdAt, model }: ReplyMeta, { object, message, reason }: ChatBody): string {
  const stop = reason === undefined ? null : stopReasons[reason];
  const choice = { index: 0, message, stop_reason: stop, finish_reason: stop };
  return JSON.stringify({ id: requestId, object, created: Math.floor(createdAt / 1000), model, choices: [choice] });
}

function toMessage({ blocks }: Answer): object {
  const texts: string[] = [];
  const calls: object[] = [];
  for (const block of blocks) {
    if (block.kind === 'reasoning') return refuse('reasoning');
    if (block.kind === 'toolUse') calls.push(toCall(block, block.arguments));
    else if (block.citations === undefined) texts.push(block.text);
    else return refuse('citation');
  }
  return {
    role: 'assistant',
    content: texts.join(''),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function toCall({ id, name }: { readonly id: string; readonly name: string }, raw: string): object {
  return { id, type: 'function', function: { name, arguments: raw } };
}
