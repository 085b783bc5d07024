import { z } from 'zod';
import type { JsonDocument, StopReason } from '../../../core/index.ts';
import { parseShape } from '../../shape.ts';
import type { Family, ReadBody } from './family.ts';
import { mistralChat } from './mistral-chat.ts';
import { toCompletion } from './prompt.ts';
import { createTextForm } from './text-form.ts';

const promptRequest = z.strictObject({
  prompt: z.string().min(1),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int32().min(0).optional(),
  stop: z.array(z.string()).optional(),
});

const stopReasons = {
  endTurn: 'stop',
  maxTokens: 'length',
  contextWindow: 'length',
  stopSequence: 'stop',
  toolUse: 'stop',
  contentFilter: 'stop',
  guardrail: 'stop',
} as const satisfies Record<StopReason, string>;

function outputText(text: string, reason: StopReason | undefined): string {
  const stop = reason === undefined ? null : stopReasons[reason];
  return JSON.stringify({ outputs: [{ text, stop_reason: stop }] });
}

const form = createTextForm({
  whole: (text, { stop }) => outputText(text, stop),
  delta: (text) => outputText(text, undefined),
  last: ({ reason }) => outputText('', reason),
});

/**
 * Mistral AI: one prompt and one text, or a chat
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral.html).
 */
export const mistral: Family = {
  read: (document) => (isChat(document.value) ? mistralChat.read(document) : readPrompt(document)),
};

/** The chat refuses a `prompt` beside its messages, as it does anything it does not know. */
function isChat(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'messages');
}

function readPrompt(document: JsonDocument): ReadBody {
  const { prompt: text, max_tokens, temperature, top_p, top_k, stop } = parseShape(promptRequest, document.value);
  const stopSequences = stop === undefined ? undefined : { path: '/stop', texts: stop };
  const settings = { maxTokens: max_tokens, temperature, topP: top_p, topK: top_k, stopSequences };
  return { ...toCompletion({ path: '/prompt', text }, settings), form };
}
