import { toProse } from './prose.ts';

/**
 * What the upstream does with a request, chosen by the model's name so that it survives every gateway: `bench` answers
 * at once; the others are for streams in a model's own time and, in the soak, for an upstream that misbehaves.
 */
export const models = [
  'bench',
  'bench-paced',
  'bench-flood',
  'bench-late',
  'bench-broken',
  'bench-cut',
  'bench-garbage',
] as const;
export type BenchModel = (typeof models)[number];

/** Milliseconds between the events of a `bench-paced` stream. */
export const PACE_MS = 20;

/** The answer of every buffered call, and the text of every stream but a flood: 300 bytes. */
export const answerText = toProse(1_000_003, 300);

const TEXT_EVENTS = 49;
const FLOOD_EVENTS = 4_000;

/** A whole `chat.completion` object (OpenAI API reference, *Create chat completion*). */
export const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: answerText }, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 200, completion_tokens: 60, total_tokens: 260 },
});

/** The 52 events of a stream: the role, 49 pieces of text, the finish reason, `[DONE]`. */
export const streamEvents: readonly string[] = [
  toEvent([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  ...cut(answerText, TEXT_EVENTS).map(toTextEvent),
  toEvent([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  'data: [DONE]\n\n',
];

/** Sent before `[DONE]` to a gateway that asked for `stream_options.include_usage`. */
export const usageEvent = toEvent([], { prompt_tokens: 200, completion_tokens: 60, total_tokens: 260 });

/** A stream of some 2 MB, more than the sockets between here and a slow reader will hold. */
export const floodEvents: readonly string[] = Array.from({ length: FLOOD_EVENTS }, (_, index) =>
  toTextEvent(toProse(index % 50, 320)),
);

export interface RequestOptions {
  /** The model as the target knows it. */
  readonly model: string;
  readonly promptBytes: number;
  readonly isStream: boolean;
}

/** The prompt a request of this number carries. */
export function toPrompt(number: number, bytes: number): string {
  return toProse(number, bytes);
}

/** The body of a request; `number` chooses the prompt. */
export function toRequestBody(number: number, { model, promptBytes, isStream }: RequestOptions): string {
  const messages = [{ role: 'user', content: toPrompt(number, promptBytes) }];
  return JSON.stringify({ model, messages, ...(isStream ? { stream: true } : {}) });
}

function toTextEvent(content: string): string {
  return toEvent([{ index: 0, delta: { content }, finish_reason: null }]);
}

function toEvent(choices: readonly unknown[], usage?: object): string {
  const chunk = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'bench',
    choices,
  };
  return `data: ${JSON.stringify(usage === undefined ? chunk : { ...chunk, usage })}\n\n`;
}

function cut(text: string, pieces: number): readonly string[] {
  const at = (index: number) => Math.round((index * text.length) / pieces);
  return Array.from({ length: pieces }, (_, index) => text.slice(at(index), at(index + 1)));
}
