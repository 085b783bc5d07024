import { expect, it } from 'vitest';
import type { AnswerEvent } from '../core/index.ts';
import { createCountGuard } from './count-guard.ts';

const usage: AnswerEvent = { kind: 'usage', usage: { inputTokens: 7, outputTokens: 0 } };
const failed = expect.objectContaining({ code: 'upstreamFailed' });

it('lets a count of tokens pass', () => {
  const guard = createCountGuard();
  expect(guard.push([])).toEqual({ events: [], findings: [] });
  expect(guard.push([usage])).toEqual({ events: [usage], findings: [] });
  expect(guard.end()).toEqual({ events: [], findings: [] });
});

it('lets nothing else pass', () => {
  expect(() => createCountGuard().push([{ kind: 'start' }])).toThrow(failed);
  expect(() => createCountGuard().push([usage, { kind: 'delta', index: 0, text: 'hello' }])).toThrow(failed);
  expect(() => createCountGuard().push([usage, usage])).toThrow(failed);
  expect(() => createCountGuard().end()).toThrow(failed);
});
