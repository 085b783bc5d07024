import { describe, expect, it } from 'vitest';
import { healthReply } from './health.ts';

const sound = { isJournalAvailable: true, isLogBehind: false, isLogWritten: true };
const source = (state: Partial<typeof sound> = {}, isReady = true) => ({
  recordState: () => ({ ...sound, ...state }),
  isReady: () => isReady,
});

describe('health', () => {
  it('is good as long as the process answers, whatever the record says', () => {
    expect(healthReply('/healthz', source({ isJournalAvailable: false }, false))?.status).toBe(200);
  });

  it('is never cached', () => {
    expect(healthReply('/readyz', source())?.headers['cache-control']).toBe('no-store');
  });

  it.each([
    [{}, true, 200, 'ready\n'],
    [{ isLogWritten: false }, true, 200, 'ready, log not written\n'],
    [{ isLogWritten: false, isLogBehind: true }, true, 503, 'log behind\n'],
    // The one that does not heal is told where both are so.
    [{ isJournalAvailable: false, isLogBehind: true }, true, 503, 'journal unavailable\n'],
    [{ isJournalAvailable: false }, true, 503, 'journal unavailable\n'],
    [{}, false, 503, 'shutting down\n'],
    [{ isJournalAvailable: false }, false, 503, 'shutting down\n'],
  ])('is readiness with the record %j and the port expecting requests %j: %i', (state, expecting, status, text) => {
    const reply = healthReply('/readyz', source(state, expecting));
    expect(reply).toMatchObject({ status });
    expect(Buffer.from(reply?.body ?? []).toString()).toBe(text);
  });

  it.each(['/', '/healthz/', '/HEALTHZ', '//healthz', '/readyz2'])('is not what %s asks for', (path) => {
    expect(healthReply(path, source())).toBeUndefined();
  });
});
