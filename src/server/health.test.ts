import { describe, expect, it } from 'vitest';
import { healthReply } from './health.ts';

const journal = (available: boolean) => ({ isAvailable: () => available });
const open = () => false;

describe('health', () => {
  it('is good as long as the process answers, whatever the journal says', () => {
    expect(healthReply('/healthz', journal(false), () => true)?.status).toBe(200);
  });

  it('is never cached', () => {
    expect(healthReply('/readyz', journal(true), open)?.headers['cache-control']).toBe('no-store');
  });

  it.each([
    [true, false, 200, 'ready\n'],
    [false, false, 503, 'journal unavailable\n'],
    [true, true, 503, 'shutting down\n'],
  ])('is readiness with journal %j and closing %j: %i', (available, closing, status, text) => {
    const reply = healthReply('/readyz', journal(available), () => closing);
    expect(reply).toMatchObject({ status });
    expect(Buffer.from(reply?.body ?? []).toString()).toBe(text);
  });

  it.each(['/', '/healthz/', '/HEALTHZ', '//healthz', '/readyz2'])('is not what %s asks for', (path) => {
    expect(healthReply(path, journal(true), open)).toBeUndefined();
  });
});
