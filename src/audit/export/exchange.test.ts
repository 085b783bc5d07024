import { describe, expect, it } from 'vitest';
import { foldStages, isSent, toHex, toTimestamp } from './exchange.ts';
import { denied, request } from './export-fixture.suite.ts';

describe('the decision of all stages', () => {
  it.each([
    ['pass', ['pass', 'pass']],
    ['found', ['found', 'pass']],
    ['rewrite', ['found', 'rewrite', 'pass']],
    ['block', ['found', 'block']],
    ['fault', ['found', 'rewrite', 'fault']],
    ['fault', []],
  ] as const)('is %s of %j', (folded, decisions) => {
    expect(foldStages(decisions.map((decision, at) => ({ stage: `s${at}`, decision })))).toBe(folded);
  });

  it('sends what no stage blocked and none failed on', () => {
    expect(isSent(request)).toBe(true);
    expect(isSent(denied.request)).toBe(false);
    expect(isSent({ ...request, stages: [{ stage: 'mask', decision: 'fault' }] })).toBe(false);
    expect(isSent({ ...request, stages: [] })).toBe(false);
  });
});

describe('values of the log', () => {
  it('are written in hexadecimal and as ISO 8601', () => {
    expect(toHex(Uint8Array.of(0, 1, 254))).toBe('0001fe');
    expect(toTimestamp(1_764_000_000_007)).toBe('2025-11-24T16:00:00.007Z');
  });
});
