import { z } from 'zod';
import type { StopReason } from '../../../core/index.ts';
import { parseShape } from '../../shape.ts';
import type { Family } from './family.ts';
import { toCompletion } from './prompt.ts';
import { createTextForm } from './text-form.ts';

const deepseekRequest = z.strictObject({
  prompt: z.string().min(1),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
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

function choiceText(text: string, reason: StopReason | undefined): string {
  const stop = reason === undefined ? null : stopReasons[reason];
  return JSON.stringify({ choices: [{ text, stop_reason: stop }] });
}

const form = createTextForm({
  whole: (text, { stop }) => choiceText(text, stop),
  delta: (text) => choiceText(text, undefined),
  last: ({ reason }) => choiceText('', reason),
});

/** DeepSeek-R1: one prompt, one text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html). */
export const deepseek: Family = {
  read(document) {
    const { prompt: text, max_tokens, temperature, top_p, stop } = parseShape(deepseekRequest, document.value);
    const stopSequences = stop === undefined ? undefined : { path: '/stop', texts: stop };
    const settings = { maxTokens: max_tokens, temperature, topP: top_p, stopSequences };
    return { ...toCompletion({ path: '/prompt', text }, settings), form };
  },
};
