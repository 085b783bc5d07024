import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { IndexedRecord } from '../../core/index.ts';
import { emptyIndex, requestIdOf } from '../journal/journal-fixture.suite.ts';
import { createInterruptedCloser } from './interrupted.ts';

const never = () => Promise.reject(new Error('not to be called'));
const batch = { tenant: 'acme', writer: '0'.repeat(16), first: 0, count: 1, bytes: 1, time: 0 };
const exchange = requestIdOf(1).replaceAll('-', '');

describe('closing what was interrupted', () => {
  it('is damage where the batch of the request is gone from the table', async () => {
    const close = createInterruptedCloser({
      table: { putClosing: never },
      source: { noteClosed: () => {} },
      reader: { read: async () => undefined },
      index: emptyIndex,
      clock: { now: () => 20 * 60_000 + 1 },
      openKeys: () => never,
      random: randomBytes,
    });
    const open = [{ batch: { ...batch, opened: [exchange], closed: [] }, exchanges: [exchange] }];
    await expect(close(open)).rejects.toMatchObject({ name: 'JournalDamageError' });
  });

  it('writes nothing for an exchange whose end is in the log by then, and lets go of its batch', async () => {
    const ended: IndexedRecord = {
      index: 1,
      time: 1,
      type: 'response',
      requestId: requestIdOf(1),
      tenant: 'acme',
      principal: 'app',
      findings: [],
      segment: 'segments/a',
    };
    const noted: string[] = [];
    const close = createInterruptedCloser({
      table: { putClosing: never },
      source: { noteClosed: (id) => void noted.push(id) },
      reader: { read: never },
      index: { ...emptyIndex, find: async () => [ended] },
      clock: { now: () => 20 * 60_000 + 1 },
      openKeys: () => never,
      random: randomBytes,
    });
    const open = [{ batch: { ...batch, opened: [exchange], closed: [] }, exchanges: [exchange] }];
    expect(await close(open)).toBe(0);
    expect(noted).toEqual([exchange]);
  });
});
