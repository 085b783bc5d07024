import type { CompletionFamily } from './family.ts';
import { membersOf, onlyOne, toSaid } from './said.ts';

const members = membersOf('outputs');
const ofOne = membersOf('text', 'stop_reason');

/** Mistral AI text completion (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html). */
export const mistral: CompletionFamily = {
  settings: ['maxTokens', 'temperature', 'topP', 'topK', 'stopSequences'],
  body: (prompt, { maxTokens, temperature, topP, topK, stopSequences }) => ({
    prompt,
    max_tokens: maxTokens,
    stop: stopSequences,
    temperature,
    top_p: topP,
    top_k: topK,
  }),
  read(answer, dropped) {
    dropped.besides(answer, members);
    const { text, stop_reason } = onlyOne(answer.outputs, { members: ofOne, dropped });
    return toSaid(text, stop_reason, { stop: 'endTurn', length: 'maxTokens' });
  },
};
