import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { emptyIndex, requestIdOf } from '../journal/journal-fixture.suite.ts';
import { createInterruptedCloser } from './interrupted.ts';

const never = () => Promise.reject(new Error('not to be called'));
const batch = { tenant: 'acme', writer: '0'.repeat(16), first: 0, count: 1, bytes: 1, time: 0 };
const exchange = requestIdOf(1).replaceAll('-', '');

describe('closing what was interrupted', () => {
  it('is damage where the batch of the request is gone from the table', async () => {
    const close = createInterruptedCloser({
      table: { prepare: never, put: never, get: never, pending: never, finish: never, putClosing: never },
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
});
