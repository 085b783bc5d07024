import { describe, expect, it } from 'vitest';
import { codeOf } from '../protocol.suite.ts';
import { splitReasoning } from './reasoning-fields.ts';

describe('reasoning among the additional fields', () => {
  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { kind: 'budget', tokens: 1024 }],
    [{ thinking: { type: 'disabled' } }, { kind: 'off' }],
    [{ thinking: { type: 'adaptive' } }, { kind: 'adaptive' }],
    [{ reasoning_config: { type: 'enabled', budget_tokens: 2000 } }, { kind: 'budget', tokens: 2000 }],
    [{ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }, { kind: 'effort', effort: 'low' }],
    [{ reasoningConfig: { type: 'disabled' } }, { kind: 'off' }],
  ])('is taken out of %j', (fields, reasoning) => {
    expect(splitReasoning({ ...fields, top_k: 3 })).toEqual({ reasoning, rest: { top_k: 3 } });
  });

  it('leaves fields without any as they are, the very object', () => {
    const fields = { top_k: 3 };
    expect(splitReasoning(fields).rest).toBe(fields);
    expect(splitReasoning(fields)).not.toHaveProperty('reasoning');
  });

  it.each([
    { thinking: true },
    { thinking: null },
    { thinking: { type: 'enabled' } },
    { thinking: { type: 'enabled', budget_tokens: 0 } },
    { thinking: { type: 'enabled', budget_tokens: 1.5 } },
    { thinking: { type: 'enabled', budget_tokens: 1024, note: 'text' } },
    { thinking: { type: 'enabled', maxReasoningEffort: 'low' } },
    { thinking: { type: 'adaptive', budget_tokens: 5 } },
    { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'some' } },
    { reasoning_config: { type: 'text' } },
  ])('is refused in another form: %j', (fields) => {
    expect(codeOf(() => splitReasoning(fields))).toBe('invalidRequest');
  });

  it('is refused where it is set twice: one of the two would be dropped', () => {
    const thinking = { type: 'disabled' };
    expect(codeOf(() => splitReasoning({ thinking, reasoning_config: thinking }))).toBe('unsupported');
  });
});
