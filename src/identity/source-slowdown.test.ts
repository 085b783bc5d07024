import { describe, expect, it } from 'vitest';
import { type Clock, type FaultCode, GatewayError } from '../core/index.ts';
import { createStoppedClock } from './memory-store.suite.ts';
import { createSourceSlowdown, type SourceSlowdown } from './source-slowdown.ts';

/** A slowdown that notes how long it would have waited. */
interface Noting extends SourceSlowdown {
  waited: number;
}

function createNotingSlowdown(clock: Clock = createStoppedClock()): Noting {
  const slowdown = createSourceSlowdown(clock, async (milliseconds) => {
    noting.waited += milliseconds;
  });
  const noting: Noting = { ...slowdown, waited: 0 };
  return noting;
}

const failing =
  (code: FaultCode = 'unauthenticated') =>
  async (): Promise<never> => {
    throw new GatewayError(code);
  };

/** Milliseconds by which the answer was slowed. */
async function delayOf(slowdown: Noting, source: string, action: () => Promise<unknown> = failing()): Promise<number> {
  slowdown.waited = 0;
  await slowdown.guard(source, action).catch((error: unknown) => error);
  return slowdown.waited;
}

async function fail(slowdown: Noting, source: string, times: number): Promise<readonly number[]> {
  const delays: number[] = [];
  for (let at = 0; at < times; at += 1) delays.push(await delayOf(slowdown, source));
  return delays;
}

describe('a source that fails', () => {
  it('is slowed from its twentieth failure on, more each time, by a second at most', async () => {
    const delays = await fail(createNotingSlowdown(), '192.0.2.1', 50);
    expect(delays.slice(0, 19)).toEqual(Array(19).fill(0));
    expect(delays.slice(19, 22)).toEqual([50, 100, 150]);
    expect(delays.slice(40)).toEqual(Array(10).fill(1000));
  });

  it('gets the error it would have had', async () => {
    const slowdown = createNotingSlowdown();
    await expect(slowdown.guard('a', failing('signatureExpired'))).rejects.toMatchObject({ code: 'signatureExpired' });
  });

  it('is never slowed when it succeeds', async () => {
    const slowdown = createNotingSlowdown();
    await fail(slowdown, '192.0.2.1', 30);
    expect(await delayOf(slowdown, '192.0.2.1', async () => 'caller')).toBe(0);
    expect(await slowdown.guard('192.0.2.1', async () => 'caller')).toBe('caller');
  });

  it('does not slow another', async () => {
    const slowdown = createNotingSlowdown();
    await fail(slowdown, '192.0.2.1', 30);
    expect(await delayOf(slowdown, '192.0.2.2')).toBe(0);
  });

  it('is forgiven after a minute, and also where the clock was set back', async () => {
    const clock = createStoppedClock();
    const slowdown = createNotingSlowdown(clock);
    await fail(slowdown, '192.0.2.1', 30);
    clock.time += 59_999;
    expect(await delayOf(slowdown, '192.0.2.1')).toBeGreaterThan(0);
    clock.time += 1;
    expect(await delayOf(slowdown, '192.0.2.1')).toBe(0);
    await fail(slowdown, '192.0.2.1', 30);
    clock.time -= 3_600_000;
    expect(await delayOf(slowdown, '192.0.2.1')).toBe(0);
  });

  it('is not blamed for the gateway’s own faults', async () => {
    const slowdown = createNotingSlowdown();
    for (let at = 0; at < 30; at += 1) {
      await delayOf(slowdown, 'a', failing('internal'));
      await delayOf(slowdown, 'a', async () => Promise.reject(new Error('the disk is gone')));
    }
    expect(await delayOf(slowdown, 'a')).toBe(0);
  });

  it.each(['unauthenticated', 'ambiguousCredentials', 'signatureMismatch', 'signatureExpired'] as const)(
    'is blamed for %s',
    async (code) => {
      const slowdown = createNotingSlowdown();
      for (let at = 0; at < 20; at += 1) await delayOf(slowdown, 'a', failing(code));
      expect(await delayOf(slowdown, 'a')).toBe(100);
    },
  );

  it('is one network of 64 bits in IPv6, one address in IPv4', async () => {
    const slowdown = createNotingSlowdown();
    const together = ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1', '2001:db8:1:2:ffff::', '2001:db8:1:2:a:b:c:d'];
    for (let at = 0; at < 5; at += 1) for (const source of together) await delayOf(slowdown, source);
    expect(await delayOf(slowdown, '2001:db8:1:2::9')).toBe(100);
    expect(await delayOf(slowdown, '2001:db8:1:3::9')).toBe(0);
    await fail(slowdown, '2001:db8::1', 20);
    expect(await delayOf(slowdown, '2001:db8:0:0:7::')).toBe(100);
    await fail(slowdown, '::1', 20);
    expect(await delayOf(slowdown, '::2')).toBe(100);
    await fail(slowdown, '::ffff:192.0.2.1', 20);
    expect(await delayOf(slowdown, '::ffff:192.0.2.2')).toBe(0);
  });

  it('is forgotten where too many others came since', async () => {
    const slowdown = createNotingSlowdown();
    await fail(slowdown, 'first', 30);
    const others = Array.from({ length: 10_000 }, (_, at) => slowdown.guard(`other-${at}`, failing()).catch(() => 0));
    await Promise.all(others);
    expect(await delayOf(slowdown, 'first')).toBe(0);
  });

  it('waits for as long as it says', async () => {
    const slowdown = createSourceSlowdown(createStoppedClock());
    const answer = () => slowdown.guard('a', failing()).catch((error: unknown) => error);
    for (let at = 0; at < 19; at += 1) await answer();
    const before = performance.now();
    await answer();
    expect(performance.now() - before).toBeGreaterThan(45);
  });
});
