import type { Answer, Blocked } from '../core/index.ts';

/** What a caller gets in the place of a model's answer when its request was blocked: the policy's message, no tokens. */
export function toBlockedAnswer(blocked: Blocked): Answer {
  return {
    blocks: [{ kind: 'text', text: blocked.message }],
    embeddings: [],
    stop: 'guardrail',
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}
