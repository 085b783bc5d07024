import { z } from 'zod';
import { parseShape } from '../../shape.ts';
import { refused } from '../shapes.ts';
import type { Family } from './family.ts';
import { toCompletion } from './prompt.ts';
import { createTextForm, stopOrLength } from './text-form.ts';

const llamaRequest = z.strictObject({
  prompt: z.string().min(1),
  max_gen_len: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  images: refused('uninspectable', 'images'),
});

const form = createTextForm({
  whole: (generation, { usage, stop }) =>
    JSON.stringify({
      generation,
      prompt_token_count: usage.inputTokens,
      generation_token_count: usage.outputTokens,
      stop_reason: stopOrLength[stop],
    }),
  // Counts come last from a provider.
  delta: (text) =>
    `{"generation":${JSON.stringify(text)},"prompt_token_count":null,"generation_token_count":null,"stop_reason":null}`,
  last: ({ reason, usage }) =>
    `{"generation":"","prompt_token_count":${usage.inputTokens},` +
    `"generation_token_count":${usage.outputTokens},"stop_reason":"${stopOrLength[reason]}"}`,
});

/** Meta Llama: one prompt, one text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html). */
export const llama: Family = {
  read(document) {
    const { prompt: text, max_gen_len, temperature, top_p } = parseShape(llamaRequest, document.value);
    const settings = { maxTokens: max_gen_len, temperature, topP: top_p };
    return { ...toCompletion({ path: '/prompt', text }, settings), form };
  },
};
