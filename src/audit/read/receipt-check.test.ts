import { describe, expect, it } from 'vitest';
import { createMemoryObjects } from '../log/log-fixture.suite.ts';
import { leafHash } from '../log/merkle.ts';
import { tilesOf } from '../log/tile.ts';
import { createReceiptSigner } from '../receipt/receipt.ts';
import { checkReceipt } from './receipt-check.ts';

const DELAY = 5_000;
const TIME = 1_764_000_000_000;
const signer = createReceiptSigner({ origin: 'log', maximumMergeDelay: DELAY });
const leaves = Array.from({ length: 300 }, (_, at) => Buffer.from(`leaf ${at}`));
const receiptOf = (leaf: string) => signer.sign(leafHash(Buffer.from(leaf)), TIME);

async function check(leaf: string, { size = 300, now = TIME, origin = 'log', keys = [signer.publicKey] } = {}) {
  const objects = createMemoryObjects();
  const tiles = tilesOf({ oldSize: 0, leaves, partials: new Map() });
  for (const { path, bytes } of tiles) objects.objects.set(path, bytes);
  return checkReceipt(await receiptOf(leaf), { objects, origin, size, keys, now });
}

describe('checking a receipt', () => {
  it('finds the entry wherever it is', async () => {
    for (const index of [0, 255, 256, 299]) {
      expect(await check(`leaf ${index}`)).toMatchObject({ kind: 'kept', index });
    }
    // In a tile that has been filled since.
    expect(await check('leaf 3', { size: 7 })).toMatchObject({ kind: 'kept', index: 3 });
  });

  it('waits as long as was promised, and not longer', async () => {
    expect(await check('other', { now: TIME + DELAY })).toMatchObject({ kind: 'pending' });
    expect(await check('other', { now: TIME + DELAY + 1 })).toMatchObject({ kind: 'broken' });
  });

  it('takes none of another log or key', async () => {
    expect(await check('leaf 1', { origin: 'another' })).toMatchObject({ kind: 'foreign' });
    expect(await check('leaf 1', { keys: [] })).toMatchObject({ kind: 'foreign' });
  });

  it('refuses a log that lacks its tiles', async () => {
    const options = { objects: createMemoryObjects(), origin: 'log', size: 3, keys: [signer.publicKey], now: TIME };
    await expect(checkReceipt(await receiptOf('leaf 1'), options)).rejects.toThrow('the log lacks');
  });
});
