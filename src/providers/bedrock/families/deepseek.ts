import type { CompletionFamily } from './family.ts';
import { membersOf, onlyOne, toSaid } from './said.ts';

const members = membersOf('choices');
const ofOne = membersOf('index', 'text', 'stop_reason');

/** DeepSeek text completion (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html). */
export const deepseek: CompletionFamily = {
  settings: ['maxTokens', 'temperature', 'topP', 'stopSequences'],
  body: (prompt, { maxTokens, temperature, topP, stopSequences }) => ({
    prompt,
    temperature,
    top_p: topP,
    max_tokens: maxTokens,
    stop: stopSequences,
  }),
  read(answer, dropped) {
    dropped.besides(answer, members);
    const { text, stop_reason } = onlyOne(answer.choices, { members: ofOne, dropped });
    return toSaid(text, stop_reason, { stop: 'endTurn', length: 'maxTokens', content_filter: 'contentFilter' });
  },
};
