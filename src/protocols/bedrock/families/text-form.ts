import { type Answer, type AnswerBlock, GatewayError, type ReplyMeta, type StopReason } from '../../../core/index.ts';
import { createAnswerStream, type Ending } from '../../answer-stream.ts';
import type { AnswerForm } from './family.ts';

/** A format in which an answer is one text. Each function gives the JSON text of an object. */
export interface TextFormat {
  whole(text: string, answer: Answer, meta: ReplyMeta): string;
  delta(text: string): string;
  last(ending: Ending, meta: ReplyMeta): string;
}

/** Reasons of a stop in formats that know only two: that the model was done, and that it ran out of tokens. */
export const stopOrLength = {
  endTurn: 'stop',
  maxTokens: 'length',
  contextWindow: 'length',
  stopSequence: 'stop',
  toolUse: 'stop',
  contentFilter: 'stop',
  guardrail: 'stop',
} as const satisfies Record<StopReason, string>;

/** Makes the form of answers `{"<list>":[{"text":"…","stop_reason":"…"}]}`, in which the reason comes last. */
export function createListForm(list: 'choices' | 'outputs'): AnswerForm {
  const write = (text: string, reason?: StopReason) =>
    JSON.stringify({ [list]: [{ text, stop_reason: reason === undefined ? null : stopOrLength[reason] }] });
  return createTextForm({
    whole: (text, { stop }) => write(text, stop),
    delta: (text) => write(text),
    last: ({ reason }) => write('', reason),
  });
}

/** Makes the form of a format that has a place for text alone. */
export function createTextForm({ whole, delta, last }: TextFormat): AnswerForm {
  const nothing = (): readonly string[] => [];
  return {
    writeAnswer: (answer, meta) => whole(textOf(answer), answer, meta),
    createChunks: (meta) =>
      createAnswerStream<string>({
        start: nothing,
        blockStart: ({ start }) => (start.kind === 'text' ? [] : refuse(start.kind)),
        delta: (_block, text) => [delta(text)],
        proof: () => refuse('reasoning'),
        citation: () => refuse('citation'),
        blockStop: nothing,
        stop: (ending) => [last(ending, meta)],
      }),
  };
}

/** The text of an answer that is nothing else. Throws `upstreamFailed` otherwise. */
function textOf({ blocks }: Answer): string {
  return blocks.map(toText).join('');
}

function toText(block: AnswerBlock): string {
  if (block.kind !== 'text') return refuse(block.kind);
  return block.citations === undefined ? block.text : refuse('citation');
}

const words = { toolUse: 'a tool call', reasoning: 'reasoning', citation: 'a citation' } as const;

/** The format has no place for it, and to leave it out would give the caller another answer. */
export function refuse(kind: keyof typeof words): never {
  throw new GatewayError('upstreamFailed', { detail: `${words[kind]} in a format that has none` });
}
