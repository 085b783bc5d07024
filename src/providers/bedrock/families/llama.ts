import type { CompletionFamily } from './family.ts';
import { membersOf, toSaid } from './said.ts';

const members = membersOf('generation', 'stop_reason', 'prompt_token_count', 'generation_token_count');

/** Meta Llama (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html). */
export const llama: CompletionFamily = {
  settings: ['maxTokens', 'temperature', 'topP'],
  body: (prompt, { maxTokens, temperature, topP }) => ({
    prompt,
    max_gen_len: maxTokens,
    temperature,
    top_p: topP,
  }),
  read(answer, dropped) {
    dropped.besides(answer, members);
    const { generation, stop_reason, prompt_token_count, generation_token_count } = answer;
    return {
      ...toSaid(generation, stop_reason, { stop: 'endTurn', length: 'maxTokens' }),
      inputTokens: prompt_token_count,
      outputTokens: generation_token_count,
    };
  },
};
