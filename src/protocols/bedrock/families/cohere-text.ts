import { z } from 'zod';
import type { ReplyMeta, StopReason } from '../../../core/index.ts';
import { notCarried } from '../../refusal.ts';
import { parseShape } from '../../shape.ts';
import type { AnswerForm, Family } from './family.ts';
import { toCompletion } from './prompt.ts';
import { createTextForm } from './text-form.ts';

const textRequest = z.strictObject({
  prompt: z.string().min(1),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(5).optional(),
  p: z.number().min(0).max(1).optional(),
  k: z.int32().min(0).max(500).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  num_generations: notCarried('num_generations', 1),
  return_likelihoods: notCarried('return_likelihoods', 'NONE'),
  logit_bias: notCarried('logit_bias', {}),
  truncate: notCarried('truncate', 'NONE'),
});

/** `finish_reason` of Cohere's models. */
export const finishReasons = {
  endTurn: 'COMPLETE',
  maxTokens: 'MAX_TOKENS',
  contextWindow: 'ERROR_LIMIT',
  stopSequence: 'COMPLETE',
  toolUse: 'COMPLETE',
  contentFilter: 'ERROR_TOXIC',
  guardrail: 'ERROR_TOXIC',
} as const satisfies Record<StopReason, string>;

/** Members that give a whole text; a stream has them too, unless `stream` asked for it piece by piece. */
function generationText(text: string, { requestId: id }: ReplyMeta, reason: StopReason): string {
  return JSON.stringify({ generations: [{ finish_reason: finishReasons[reason], id, text }], id });
}

const pieces: AnswerForm = createTextForm({
  whole: (text, { stop }, meta) => generationText(text, meta, stop),
  delta: (text) => `{"text":${JSON.stringify(text)},"is_finished":false}`,
  last: ({ reason }) => `{"text":"","is_finished":true,"finish_reason":"${finishReasons[reason]}"}`,
});

const generations: AnswerForm = createTextForm({
  whole: (text, { stop }, meta) => generationText(text, meta, stop),
  delta: (text) => JSON.stringify({ generations: [{ finish_reason: null, text }] }),
  last: ({ reason }, meta) => generationText('', meta, reason),
});

/** Cohere Command: one prompt, one text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html). */
export const cohereText: Family = {
  read(document) {
    const {
      prompt: text,
      max_tokens,
      temperature,
      p,
      k,
      stop_sequences,
      stream,
    } = parseShape(textRequest, document.value);
    const stopSequences = stop_sequences === undefined ? undefined : { path: '/stop_sequences', texts: stop_sequences };
    const settings = { maxTokens: max_tokens, temperature, topP: p, topK: k, stopSequences };
    return { ...toCompletion({ path: '/prompt', text }, settings), form: stream === true ? pieces : generations };
  },
};
