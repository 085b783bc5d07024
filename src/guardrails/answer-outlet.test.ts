import { expect, it } from 'vitest';
import { createAnswerOutlet } from './answer-outlet.ts';

it('takes as many findings at once as an answer has', () => {
  const outlet = createAnswerOutlet({ actionOf: () => 'mask', messageFor: () => 'no' });
  const finding = { start: 0, end: 1, type: 'EMAIL', detector: 'email' } as const;
  const findings = Array.from({ length: 300_000 }, () => finding);
  outlet.emitSettled({ events: [], findings });
  outlet.note(findings);
  expect(outlet.drain(undefined).findings).toHaveLength(600_000);
});
