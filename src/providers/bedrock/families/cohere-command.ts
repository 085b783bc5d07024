import type { CompletionFamily } from './family.ts';
import { membersOf, onlyOne, toSaid } from './said.ts';

const reasons = {
  COMPLETE: 'endTurn',
  MAX_TOKENS: 'maxTokens',
  STOP_SEQUENCE: 'stopSequence',
  ERROR_TOXIC: 'contentFilter',
} as const;

/** Of a whole answer and of a generation. The last chunk of a stream repeats all of it in `response`. */
const members = membersOf('generations', 'prompt', 'id', 'text', 'index', 'finish_reason', 'is_finished', 'response');

/**
 * Cohere Command (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html). A streamed answer's
 * chunks are generations by themselves.
 */
export const cohereCommand: CompletionFamily = {
  settings: ['maxTokens', 'temperature', 'topP', 'topK', 'stopSequences'],
  body: (prompt, { maxTokens, temperature, topP, topK, stopSequences }, isStream) => ({
    prompt,
    temperature,
    p: topP,
    k: topK,
    max_tokens: maxTokens,
    stop_sequences: stopSequences,
    ...(isStream ? { stream: true } : {}),
  }),
  read(answer, dropped) {
    dropped.besides(answer, members);
    const isChunk = answer.generations === undefined;
    const { text, finish_reason } = isChunk ? answer : onlyOne(answer.generations, { members, dropped });
    return toSaid(text, finish_reason, reasons);
  },
};
