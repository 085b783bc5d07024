import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { IndexedRecord, RecordIndex, RecordQuery } from '../core/index.ts';
import { createKeyStore, keyRingOf } from './journal/journal-fixture.suite.ts';
import { createReceiptSigner } from './receipt/receipt.ts';
import { createRecordAudit } from './record-audit.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

describe('checking a receipt of a log without entries', () => {
  it('looks through all keys that the index has, page by page', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sallyport-audit-'));
    directories.push(root);
    const rows = Array.from({ length: 250 }, (_, at) => ({ index: 249 - at }) as IndexedRecord);
    const asked: RecordQuery[] = [];
    const index: Pick<RecordIndex, 'list' | 'position'> = {
      position: async () => 0,
      async list(query) {
        asked.push(query);
        return rows.filter((row) => row.index < (query.below ?? 999)).slice(0, query.limit);
      },
    };
    const audit = createRecordAudit({
      place: {
        kind: 'disk',
        directories: { journal: join(root, 'journal'), log: join(root, 'log'), staging: join(root, 'staging') },
      },
      keyRing: keyRingOf('a root secret'),
      keys: createKeyStore(),
      index: index as RecordIndex,
      origin: 'log',
    });
    const receipt = await createReceiptSigner({ origin: 'log', maximumMergeDelay: 1 }).sign(new Uint8Array(32), 5);
    expect(await audit.checkReceipt(receipt, 5)).toMatchObject({ kind: 'foreign' });
    expect(asked.map(({ below }) => below)).toEqual([undefined, 150, 50]);
  });
});
