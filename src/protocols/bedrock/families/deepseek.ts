import { z } from 'zod';
import { parseShape } from '../../shape.ts';
import type { Family } from './family.ts';
import { toCompletion } from './prompt.ts';
import { createListForm } from './text-form.ts';

const deepseekRequest = z.strictObject({
  prompt: z.string().min(1),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  stop: z.array(z.string()).optional(),
});

const form = createListForm('choices');

/** DeepSeek-R1: one prompt, one text (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html). */
export const deepseek: Family = {
  read(document) {
    const { prompt: text, max_tokens, temperature, top_p, stop } = parseShape(deepseekRequest, document.value);
    const stopSequences = stop === undefined ? undefined : { path: '/stop', texts: stop };
    const settings = { maxTokens: max_tokens, temperature, topP: top_p, stopSequences };
    return { ...toCompletion({ path: '/prompt', text }, settings), form };
  },
};
