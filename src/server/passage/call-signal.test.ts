import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCallSignal } from './call-signal.ts';

describe('the signal of a model call', () => {
  it('is aborted when the client leaves, also when it left before', () => {
    const client = new AbortController();
    const call = createCallSignal(client.signal, 10_000);
    expect(call.signal.aborted).toBe(false);
    client.abort();
    expect(call.signal.aborted).toBe(true);
    expect(call.isLate).toBe(false);
    expect(createCallSignal(client.signal, 10_000).signal.aborted).toBe(true);
    call.release();
  });

  it('is aborted when the time is over, and says so', async () => {
    const call = createCallSignal(new AbortController().signal, 10);
    await sleep(40);
    expect(call).toMatchObject({ isLate: true, signal: { aborted: true } });
  });

  it('hears neither the clock nor the client once it is let go', async () => {
    const client = new AbortController();
    const call = createCallSignal(client.signal, 10);
    call.release();
    client.abort();
    await sleep(40);
    expect(call).toMatchObject({ isLate: false, signal: { aborted: false } });
    call.cancel();
    expect(call.signal.aborted).toBe(true);
  });
});
