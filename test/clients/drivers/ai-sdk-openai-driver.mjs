import { createOpenAI } from '@ai-sdk/openai';
import { openai } from '../snippets/ai-sdk-openai.mjs';
import { describe, methodsOf } from './ai-sdk.mjs';
import { serve } from './serving.mjs';

const stranger = createOpenAI({ apiKey: 'sp_demo_x_y' });

await serve(
  methodsOf(({ id, wrongKey = false }) => (wrongKey ? stranger : openai).chat(id)),
  describe,
);
