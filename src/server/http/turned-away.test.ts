import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurnedAwayLog } from './turned-away.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('connections that were turned away', () => {
  it('are told of at once, and then by their number every ten seconds', () => {
    const counts: (number | undefined)[] = [];
    const log = createTurnedAwayLog({ warn: (_event, fields) => void counts.push(fields?.count) });
    log.onTurnedAway();
    for (let at = 0; at < 500; at += 1) log.onTurnedAway();
    expect(counts).toEqual([1]);
    vi.advanceTimersByTime(10_000);
    expect(counts).toEqual([1, 500]);
    vi.advanceTimersByTime(30_000);
    expect(counts).toEqual([1, 500]);
    log.onTurnedAway();
    log.onTurnedAway();
    log.close();
    expect(counts).toEqual([1, 500, 1, 1]);
    vi.advanceTimersByTime(30_000);
    expect(counts).toHaveLength(4);
  });
});
