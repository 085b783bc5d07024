import { describe, expect, it } from 'vitest';
import { healthReply } from './health.ts';

const journal = (available: boolean) => ({ isAvailable: () => available });
const ready = () => true;

describe('health', () => {
  it('is good as long as the process answers, whatever the journal says', () => {
    expect(healthReply('/healthz', journal(false), () => false)?.status).toBe(200);
  });

  it('is never cached', () => {
    expect(healthReply('/readyz', journal(true), ready)?.headers['cache-control']).toBe('no-store');
  });

  it.each([
    [true, true, 200, 'ready\n'],
    [false, true, 503, 'journal unavailable\n'],
    [true, false, 503, 'shutting down\n'],
  ])('is readiness with journal %j and the port expecting requests %j: %i', (available, expecting, status, text) => {
    const reply = healthReply('/readyz', journal(available), () => expecting);
    expect(reply).toMatchObject({ status });
    expect(Buffer.from(reply?.body ?? []).toString()).toBe(text);
  });

  it.each(['/', '/healthz/', '/HEALTHZ', '//healthz', '/readyz2'])('is not what %s asks for', (path) => {
    expect(healthReply(path, journal(true), ready)).toBeUndefined();
  });
});
