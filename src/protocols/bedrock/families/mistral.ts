import { z } from 'zod';
import type { JsonDocument } from '../../../core/index.ts';
import { parseShape } from '../../shape.ts';
import type { Family, ReadBody } from './family.ts';
import { mistralChat } from './mistral-chat.ts';
import { toCompletion } from './prompt.ts';
import { createListForm } from './text-form.ts';

const promptRequest = z.strictObject({
  prompt: z.string().min(1),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int32().min(0).optional(),
  stop: z.array(z.string()).optional(),
});

const form = createListForm('outputs');

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
