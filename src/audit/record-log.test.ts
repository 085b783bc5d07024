import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ActRecord, createRequestId, gatewayOwner, type IndexedRecord, type RecordIndex } from '../core/index.ts';
import { openJournal } from './journal/journal.ts';
import { printVerifierKey, toVerifierKey } from './log/signed-note.ts';
import type { S3LogStore } from './objects/log-objects.ts';
import { createReceiptSigner } from './receipt/receipt.ts';
import { createRecordAudit, type RecordAudit } from './record-audit.ts';
import { closeLater, createRecordScene, tendScenes } from './record-fixture.suite.ts';
import type { RecordLogOptions } from './record-log.ts';
import type { DiskPlace } from './record-place.ts';

tendScenes();

const NOW = Date.UTC(2026, 5, 1);
const clock = { now: () => NOW };
const locks = { hold: () => ({ release: () => {} }), isHeld: () => false };
const act = { kind: 'administration', operator: 'olga', act: 'test', details: {}, time: NOW } as const;

const idOf = (id: number) => createRequestId(NOW, new Uint8Array(10).fill(id));

interface SceneOptions extends Pick<RecordLogOptions, 'witnesses' | 'requiredWitnesses'> {
  readonly kind?: 'disk' | 's3';
}

/** A journal whose log is in a bucket, or on the disk, and what reads it there. */
async function createScene({ kind = 's3', ...more }: SceneOptions = {}) {
  const toPlace = (root: string, store: S3LogStore): DiskPlace => {
    const directories = { journal: join(root, 'journal'), log: join(root, 'log'), staging: join(root, 'staging') };
    return { kind: 'disk', directories, ...(kind === 's3' ? { store } : {}) };
  };
  const scene = await createRecordScene({ toPlace, clock });
  const { audit, keys, keyRing } = scene;
  const { directories } = scene.place;
  const journal = await openJournal({ directory: directories.journal, keys, keyRing, clock, locks });
  closeLater(() => journal.close());
  return {
    ...scene,
    directories,
    log: scene.openLog(more),
    append: (id: number, given: Partial<ActRecord> = {}) =>
      journal.append({ ...act, requestId: idOf(id), ...given }, gatewayOwner),
    find: () => audit.find(idOf(1)),
    auditOf: (wrong: Pick<RecordIndex, 'list'>) => createRecordAudit({ ...scene, index: { ...scene.index, ...wrong } }),
  };
}

describe('a log in a bucket', () => {
  it('is written, indexed, read and verified there, and nothing of it is on the disk', async () => {
    const { append, log, audit, index, verify, directories, server } = await createScene();
    for (const id of [1, 2, 3]) await append(id);
    expect(await verify()).toMatchObject({ size: 0, unsequenced: 3 });
    expect(await log.round()).toMatchObject({ size: 3, added: 3 });
    expect(await index.position()).toBe(3);
    expect((await audit.at(2))?.record).toMatchObject({ kind: 'administration', operator: 'olga' });
    expect(await audit.prove(1)).toContain('log\n');
    expect(await verify()).toMatchObject({ size: 3, faultCount: 0, unsequenced: 0 });
    expect([...server.bucket.objects.keys()].every((key) => key.startsWith('bank/'))).toBe(true);
    expect(await audit.objects.read('checkpoint')).toBeDefined();
    expect(readdirSync(directories.staging, { recursive: true })).not.toContain('checkpoint');
    expect(() => readdirSync(directories.log)).toThrow('ENOENT');
  });

  it.each(['before', 'after'] as const)(
    'goes on where it stood once the bucket is back, cut off %s a write',
    async (when) => {
      const { append, log, verify, server } = await createScene();
      await append(1);
      await log.round();
      await append(2);
      let isCut = true;
      const puts = () => server.requests.filter(({ method }) => method === 'PUT').length;
      const before = puts();
      server.fail({ kind: 'cut', when }, { on: ({ method }) => isCut && method === 'PUT', times: 99 });
      // Whether it has landed is not told either.
      server.fail({ kind: 'cut', when: 'before' }, { on: () => isCut && puts() > before, times: 99 });
      await expect(log.round()).rejects.toThrow();
      expect(puts()).toBeGreaterThan(before);
      isCut = false;
      await log.round();
      expect(await verify()).toMatchObject({ size: 2, faultCount: 0, unsequenced: 0 });
    },
  );

  it('is not verified while the bucket cannot be read', async () => {
    const { append, log, verify, server } = await createScene();
    await append(1);
    await log.round();
    await server.close();
    await expect(verify()).rejects.toMatchObject({ name: 'BucketError' });
  });
});

describe('the promise of a receipt', () => {
  async function createPromise() {
    const scene = await createScene({ kind: 'disk' });
    const receipts = createReceiptSigner({ origin: 'log', maximumMergeDelay: 1 });
    const receiptKey = printVerifierKey(toVerifierKey('log/receipts', receipts.publicKey));
    await scene.append(1);
    await scene.log.round();
    await scene.append(2, { kind: 'key', act: 'receipt key', disclosed: { receiptKey } });
    await scene.log.round();
    const receipt = await receipts.sign((await scene.audit.at(0))?.leafHash ?? new Uint8Array(), NOW);
    const damage = async (index: number) => {
      const path = `segments/${await aliasOf(scene.audit)}/000/000/000/000/00${index}`;
      await scene.audit.objects.replace(path, Buffer.from('nothing'), () => true);
      return path;
    };
    return { ...scene, receipt, damage, check: (text = receipt) => scene.audit.checkReceipt(text, NOW) };
  }

  async function aliasOf({ objects }: RecordAudit): Promise<string> {
    for await (const path of objects.list('segments/')) return path.split('/')[1] ?? '';
    return '';
  }

  it('is found kept where the index is behind the log', async () => {
    const { index, check } = await createPromise();
    await index.cut(0);
    expect(await check()).toMatchObject({ kind: 'kept', index: 0 });
    expect(await index.position()).toBe(2);
  });

  it.each([0, 2])(
    'is not called foreign where the record of its key is damaged, and %d are in the index',
    async (size) => {
      const { index, check, damage } = await createPromise();
      await index.cut(size);
      const path = await damage(1);
      await expect(check()).rejects.toMatchObject({ name: 'LogDamageError', index: 1, path });
      const elsewhere = createReceiptSigner({ origin: 'other', maximumMergeDelay: 1 });
      expect(await check(await elsewhere.sign(new Uint8Array(32), NOW))).toMatchObject({ kind: 'foreign' });
    },
  );

  it('is found kept beside damage to another key, and not while the log cannot be read', async () => {
    const { append, log, check, damage, auditOf, receipt } = await createPromise();
    await append(3, { kind: 'key', act: 'another key' });
    await log.round();
    await damage(2);
    expect(await check()).toMatchObject({ kind: 'kept', index: 0 });
    // A row for what the log never had.
    const lacking = auditOf({ list: async () => [{ index: -1 } as IndexedRecord] });
    await expect(lacking.checkReceipt(receipt, NOW)).rejects.toThrow('the log lacks');
  });
});

describe.each(['disk', 's3'] as const)('the record of a gateway, with its log on %s', (kind) => {
  it('is found in the journal first, and then in the log', async () => {
    const { append, log, find } = await createScene({ kind });
    await append(1);
    const [waiting] = await find();
    expect(waiting?.record).toMatchObject({ operator: 'olga' });
    expect(waiting).not.toHaveProperty('index');
    await log.round();
    expect(await find()).toMatchObject([{ record: { operator: 'olga' }, index: 0 }]);
  });

  it('has its head made anew where the state was lost', async () => {
    const { append, log, heads, restore, verify } = await createScene({ kind });
    await append(1);
    await log.round();
    const whole = await heads.read();
    await append(2);
    await log.round();
    const latest = await heads.read();
    expect(await heads.replace(latest, whole ?? new Uint8Array())).toBe(true);
    await append(3);
    await expect(log.round()).rejects.toMatchObject({ name: 'StaleHeadError' });
    expect(await restore()).toEqual({ from: 1, to: 2 });
    expect(await log.round()).toMatchObject({ size: 3 });
    expect(await verify()).toMatchObject({ size: 3, faultCount: 0 });
  });

  it('goes no further than the witnesses that have to cosign it', async () => {
    const witness = printVerifierKey(toVerifierKey('witness.example', new Uint8Array(32), 'cosignature'));
    const witnesses = [{ url: 'http://127.0.0.1:1', key: witness }];
    const { append, log, audit } = await createScene({ kind, witnesses, requiredWitnesses: 1 });
    await append(1);
    await expect(log.round()).rejects.toMatchObject({ name: 'UnwitnessedError' });
    expect(await audit.prove(0)).toBeUndefined();
  });

  it('keeps the promise of a receipt whose key it certifies, whatever else the index calls a key', async () => {
    const { append, log, audit, auditOf } = await createScene({ kind });
    const receipts = createReceiptSigner({ origin: 'log', maximumMergeDelay: 1 });
    const receiptKey = printVerifierKey(toVerifierKey('log/receipts', receipts.publicKey));
    await append(1);
    await append(2, { kind: 'key', act: 'receipt key', disclosed: { receiptKey } });
    await append(3, { kind: 'key', act: 'another key' });
    await log.round();
    const leafHash = (await audit.at(0))?.leafHash ?? new Uint8Array();
    const receipt = await receipts.sign(leafHash, NOW);
    expect(await audit.checkReceipt(receipt, NOW)).toMatchObject({ kind: 'kept', index: 0 });
    const rows = (await audit.index.list({ limit: 9 })).map((row) => ({ ...row }));
    const wrong = auditOf({ list: async () => rows });
    expect(rows.map(({ type }) => type)).toEqual(['key', 'key', 'administration']);
    expect(await wrong.checkReceipt(receipt, NOW)).toMatchObject({ kind: 'kept' });
    expect(await auditOf({ list: async () => rows.slice(2) }).checkReceipt(receipt, NOW)).toMatchObject({
      kind: 'foreign',
    });
  });
});
