import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JournalRecord } from '../../core/index.ts';
import { openJournal } from '../index.ts';
import { localDisk } from './disk-store.ts';
import { toFileName, toFileStart } from './journal-file.ts';
import {
  callerOf,
  cleanUp,
  createLocks,
  createPlace,
  openJournalReader,
  readEntries,
  releaseOf,
  requestIdOf,
  requestOf,
  responseOf,
  temporaryDirectory,
  toEntryFrame,
} from './journal-fixture.suite.ts';

afterEach(cleanUp);

const id = requestIdOf(1);
const caller = callerOf();
const exchange: readonly JournalRecord[] = [requestOf(id), releaseOf(id, 0), releaseOf(id, 1), responseOf(id)];

describe('a journal', () => {
  it('gives back the records of an exchange in the order they were written, also while it is open', async () => {
    const place = createPlace();
    const journal = await place.open();
    for (const record of exchange) await journal.append(record, caller);
    await journal.append(requestOf(requestIdOf(2)), caller);
    expect(await place.find(id)).toEqual(exchange);
    await journal.close();
    expect(await place.find(id)).toEqual(exchange);
    expect(await place.find(requestIdOf(3))).toEqual([]);
  });

  it("links what comes of a request to the request's leaf, also after a crash", async () => {
    const { directory, keys, keyRing, open } = createPlace();
    const first = await open();
    const { leafHash } = await first.append(requestOf(id), caller);
    await first.append(releaseOf(id, 0), caller);
    await (await open({ fileBytes: 1 })).close();
    await (await open()).close();
    const records = await openJournalReader({ directory, keys, keyRing }).find(id);
    const parent = Buffer.from(leafHash).toString('hex');
    expect(records).toMatchObject([{ kind: 'request' }, { kind: 'release', parent }, { kind: 'response', parent }]);
    expect(records[0]).not.toHaveProperty('parent');
  });

  it('is opened through the door, in a directory that is made for it', async () => {
    const { directory, keys, keyRing } = createPlace(join(temporaryDirectory(), 'a', 'b', 'journal'));
    const journal = await openJournal({ directory, keys, keyRing, clock: { now: () => 0 }, locks: createLocks() });
    await journal.append(requestOf(id), caller);
    await journal.close();
    expect(await openJournalReader({ directory, keys, keyRing }).find(id)).toEqual([requestOf(id)]);
  });

  it('leaves alone the files of a writer that is at work, and what it has not closed yet', async () => {
    const place = createPlace();
    const locks = createLocks();
    const gateway = await place.open({ locks });
    await gateway.append(requestOf(id), caller);
    writeFileSync(join(place.directory, `${[...locks.held][0]}-00000009.journal.new`), 'being made');
    const command = await place.open({ locks });
    await command.append(requestOf(requestIdOf(2)), caller);
    await command.append(responseOf(requestIdOf(2)), caller);
    await command.close();
    expect(command.interrupted).toBe(0);
    expect(readdirSync(place.directory).filter((name) => name.endsWith('.new'))).toHaveLength(1);
    await gateway.append(responseOf(id), caller);
    await gateway.close();
    expect(locks.held.size).toBe(0);
    expect((await place.find(id)).map(({ kind }) => kind)).toEqual(['request', 'response']);
  });

  it('leaves what a crash left to the gateway where it only adds an act', async () => {
    const place = createPlace();
    await (await place.open()).append(requestOf(id), caller);
    const command = await place.open({ recovers: false });
    expect(command.interrupted).toBe(0);
    await command.close();
    expect((await place.open()).interrupted).toBe(1);
  });

  it('takes no request while the log is behind, but the end of what was begun', async () => {
    let isBehind = false;
    const journal = await createPlace().open({ isBehind: () => isBehind });
    await journal.append(requestOf(id), caller);
    isBehind = true;
    expect(journal.isAvailable()).toBe(false);
    await expect(journal.append(requestOf(requestIdOf(2)), caller)).rejects.toMatchObject({
      code: 'journalUnavailable',
    });
    await journal.append(responseOf(id), caller);
    isBehind = false;
    await journal.append(requestOf(requestIdOf(2)), caller);
    await journal.close();
  });

  it('has no records where there is no directory', async () => {
    expect(await createPlace().find(id)).toEqual([]);
  });

  it('keeps the order of calls when nobody waits between them, keys at hand or not', async () => {
    const place = createPlace();
    const journal = await place.open();
    await Promise.all(exchange.map((record) => journal.append(record, caller)));
    expect(await place.find(id)).toEqual(exchange);
    await journal.close();
  });

  it('shares one write among appends that come together', async () => {
    let writes = 0;
    const place = createPlace();
    const journal = await place.open({
      disk: {
        ...localDisk,
        async create(file, bytes) {
          const created = await localDisk.create(file, bytes);
          return {
            ...created,
            append(bytes) {
              writes += 1;
              return created.append(bytes);
            },
          };
        },
      },
    });
    await journal.append(requestOf(requestIdOf(0)), caller);
    writes = 0;
    await Promise.all(Array.from({ length: 3000 }, (_, n) => journal.append(requestOf(requestIdOf(n + 1)), caller)));
    expect(writes).toBe(1);
    expect(await place.entries()).toHaveLength(3001);
    await journal.close();
  });

  it('goes on in a new file when one is full, and reads as one', async () => {
    const place = createPlace();
    const journal = await place.open({ fileBytes: 2000 });
    for (let n = 0; n < 20; n += 1) await journal.append(requestOf(requestIdOf(n)), caller);
    for (let n = 0; n < 20; n += 1) await journal.append(responseOf(requestIdOf(n)), caller);
    await journal.close();
    expect(readdirSync(place.directory).length).toBeGreaterThan(5);
    const entries = await place.entries();
    expect(entries.map(({ entry }) => entry.counter)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await place.find(requestIdOf(0))).toEqual([requestOf(requestIdOf(0)), responseOf(requestIdOf(0))]);
  });

  it('shows nothing of a record in any file: no text, no name, no model', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(
      { ...requestOf(id, 'canary-1f9c'), model: 'canary-model' },
      callerOf('canary-app', 'canary-co'),
    );
    await journal.append(releaseOf(id, 0, 'canary-2ab7'), callerOf('canary-app', 'canary-co'));
    await journal.close();
    const files = readdirSync(place.directory);
    expect(files).toHaveLength(1);
    for (const file of files) {
      const bytes = readFileSync(join(place.directory, file));
      expect(bytes.length).toBeGreaterThan(1000);
      expect(bytes.includes('canary')).toBe(false);
      expect(bytes.includes('019ab2c4')).toBe(false);
    }
    expect(JSON.stringify(await place.find(id))).toContain('canary-1f9c');
  });

  it('keeps its directory and files from other users', async () => {
    const place = createPlace();
    await (await place.open()).close();
    const file = join(place.directory, readdirSync(place.directory)[0] ?? '');
    expect(statSync(place.directory).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses records once it is closed, those still waiting for a key too', async () => {
    const place = createPlace();
    const journal = await place.open();
    expect(journal.isAvailable()).toBe(true);
    const waiting = journal.append(requestOf(id), caller);
    const closed = journal.close();
    expect(journal.close()).toBe(closed);
    expect(journal.isAvailable()).toBe(false);
    await expect(waiting).rejects.toMatchObject({ code: 'journalUnavailable' });
    await expect(journal.append(requestOf(id), caller)).rejects.toMatchObject({ code: 'journalUnavailable' });
    await closed;
    expect(await place.entries()).toEqual([]);
  });

  it('takes no record while it is being closed, so that nothing follows the seal', async () => {
    const place = createPlace();
    const journal = await place.open();
    await Promise.all([journal.append(requestOf(id), caller), journal.append(responseOf(id), caller)]);
    const closed = journal.close();
    await expect(journal.append(requestOf(requestIdOf(2)), caller)).rejects.toMatchObject({
      code: 'journalUnavailable',
    });
    await closed;
    expect(await place.entries()).toHaveLength(2);
  });

  it('makes durable what was appended before it is closed', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    const last = journal.append(responseOf(id), caller);
    await journal.close();
    await last;
    expect(await place.find(id)).toHaveLength(2);
  });

  it('refuses a record while too much waits, and goes on when less does', async () => {
    const place = createPlace();
    const journal = await place.open({ queueBytes: 2000 });
    await journal.append(requestOf(requestIdOf(0)), caller);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => journal.append(requestOf(requestIdOf(n + 1)), caller)),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(10);
    expect(journal.isAvailable()).toBe(true);
    await journal.append(requestOf(requestIdOf(20)), caller);
    expect(await place.entries()).toHaveLength(12 - refused.length);
    await journal.close();
  });

  it('refuses a record that cannot be written down, and leaves no gap', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    const broken = { ...requestOf(id), time: 5, policyVersion: 1n } as never;
    await expect(journal.append(broken, caller)).rejects.toMatchObject({ code: 'journalUnavailable' });
    await journal.append(responseOf(id), caller);
    await journal.close();
    expect(await place.find(id)).toHaveLength(2);
  });

  it('refuses a record whose key cannot be had, and takes it when it can', async () => {
    const place = createPlace();
    const journal = await place.open();
    vi.spyOn(place.keys, 'find').mockRejectedValueOnce(new Error('no database'));
    await expect(journal.append(requestOf(id), caller)).rejects.toMatchObject({ code: 'journalUnavailable' });
    await journal.append(requestOf(id), caller);
    expect(journal.isAvailable()).toBe(true);
    await journal.close();
  });
});

describe('reading a journal', () => {
  it('says that a record is erased once its key is destroyed', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    await journal.close();
    const [{ keyId = Buffer.of() } = {}] = place.keys.keys.values();
    await place.keys.destroy(keyId, 1);
    await expect(place.find(id)).rejects.toMatchObject({ name: 'RecordErasedError' });
  });

  it('takes a key that is gone for lost, not for destroyed', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    await journal.close();
    place.keys.keys.clear();
    await expect(place.find(id)).rejects.toMatchObject({ name: 'RecordKeyLostError' });
  });

  it('names an entry that was forged with a checksum of its own', async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    const [placed] = await place.entries();
    if (placed === undefined) throw new Error('expected an entry');
    const { entry, file, offset } = placed;
    const path = join(place.directory, file);
    const forged = { ...entry, time: 1_764_000_000_009 };
    const frame = toEntryFrame(forged);
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, offset), frame]));
    await expect(place.find(id)).rejects.toMatchObject({ name: 'JournalDamageError', file, offset });
  });

  it("refuses a key that the store gives under another's id", async () => {
    const place = createPlace();
    const journal = await place.open();
    await journal.append(requestOf(id), caller);
    await journal.append(requestOf(requestIdOf(2)), callerOf('web'));
    const row = place.keys.keys.get('acme/web');
    if (row === undefined) throw new Error('expected a key');
    vi.spyOn(place.keys, 'findById').mockResolvedValue(row);
    await expect(place.find(id)).rejects.toThrow("another subject's");
  });

  it('finds nothing amiss in a file that is cut off where it is being written', async () => {
    const place = createPlace();
    const journal = await place.open();
    for (const record of exchange) await journal.append(record, caller);
    const [{ file = '', offset = 0 } = {}] = (await place.entries()).slice(-1);
    truncateSync(join(place.directory, file), offset + 30);
    expect(await place.find(id)).toEqual(exchange.slice(0, 3));
    truncateSync(join(place.directory, file), 3);
    expect(await place.find(id)).toEqual([]);
  });

  it.each<[string, (files: readonly string[]) => void, string]>([
    ['a file missing between two', ([, second]) => rmSync(second ?? ''), 'the file before it is missing'],
    ['a file cut off before the last', ([first]) => truncateSync(first ?? '', 500), 'its end is broken'],
    ['a file before the last without a beginning', ([first]) => truncateSync(first ?? '', 5), 'it is cut off'],
    [
      'a sealed end that was written over',
      (files) => {
        const last = files.at(-1) ?? '';
        const bytes = readFileSync(last);
        writeFileSync(last, Buffer.concat([bytes, bytes.subarray(-40)]));
      },
      'its end is broken',
    ],
    [
      'a sealed end with something begun after it',
      (files) => {
        const last = files.at(-1) ?? '';
        writeFileSync(last, Buffer.concat([readFileSync(last), Buffer.alloc(3)]));
      },
      'its end is broken',
    ],
  ])('finds %s', async (_, harm, message) => {
    const place = createPlace();
    const journal = await place.open({ fileBytes: 200 });
    for (const record of exchange) await journal.append(record, caller);
    await journal.close();
    harm(readdirSync(place.directory).map((name) => join(place.directory, name)));
    await expect(place.find(id)).rejects.toThrow(message);
    await expect(place.find(id)).rejects.toMatchObject({ name: 'JournalDamageError' });
  });

  it('finds a file that does not continue the one before it', async () => {
    const place = createPlace();
    const journal = await place.open({ fileBytes: 200 });
    for (const record of exchange) await journal.append(record, caller);
    await journal.close();
    const [first = '', second = ''] = readdirSync(place.directory).map((name) => join(place.directory, name));
    const offset = (await place.entries())[0]?.offset ?? 0;
    expect(statSync(first).size).toBeGreaterThan(offset);
    truncateSync(first, offset - 32);
    await expect(place.find(id)).rejects.toThrow('entries are missing');
    rmSync(first);
    expect(await readEntries(place.directory)).toHaveLength(exchange.length - 1);
    expect(statSync(second).size).toBeGreaterThan(0);
  });

  it("finds a writer's first file that does not begin its chain", async () => {
    const place = createPlace();
    mkdirSync(place.directory);
    const head = { writer: new Uint8Array(8), sequence: 0, counter: 3, previous: new Uint8Array(32), open: new Map() };
    writeFileSync(join(place.directory, toFileName(head.writer, 0)), toFileStart(head));
    await expect(place.find(id)).rejects.toThrow('entries are missing');
  });
});

describe('opening a journal again', () => {
  it('closes exchanges without a response as interrupted, once', async () => {
    const place = createPlace();
    const first = await place.open();
    for (const record of exchange) await first.append(record, caller);
    await first.append(requestOf(requestIdOf(2)), caller);
    await first.append(releaseOf(requestIdOf(2), 0), caller);
    await first.close();
    const second = await place.open();
    expect(second).toMatchObject({ interrupted: 1, repairs: [] });
    await second.close();
    expect((await place.find(requestIdOf(2))).map(({ kind }) => kind)).toEqual(['request', 'release', 'response']);
    expect((await place.find(requestIdOf(2))).at(-1)).toEqual({
      kind: 'response',
      requestId: requestIdOf(2),
      time: 1_764_000_001_000,
      status: 'interrupted',
      findingCounts: {},
      findings: [],
      bytesSent: 0,
    });
    expect(await place.find(id)).toEqual(exchange);
    const third = await place.open();
    expect(third.interrupted).toBe(0);
    await third.close();
  });

  it('closes also those begun in a file before the last', async () => {
    const place = createPlace();
    const first = await place.open({ fileBytes: 1000 });
    await first.append(requestOf(requestIdOf(0)), caller);
    await first.append(requestOf(requestIdOf(1)), caller);
    for (let n = 0; n < 10; n += 1) await first.append(releaseOf(requestIdOf(1), n), caller);
    await first.append(responseOf(requestIdOf(1)), caller);
    await first.close();
    const second = await place.open();
    expect(second.interrupted).toBe(1);
    await second.close();
    expect(await place.find(requestIdOf(0))).toMatchObject([{ kind: 'request' }, { status: 'interrupted' }]);
  });

  it('leaves an exchange whose key was destroyed as it is', async () => {
    const place = createPlace();
    const first = await place.open();
    await first.append(requestOf(id), caller);
    await first.close();
    place.keys.keys.clear();
    const second = await place.open();
    expect(second.interrupted).toBe(0);
    await second.close();
    expect(await place.entries()).toHaveLength(1);
  });

  it('reads no more than the end of a file that was closed in order', async () => {
    const place = createPlace();
    const first = await place.open();
    for (const record of exchange) await first.append(record, caller);
    await first.close();
    const read = vi.fn(localDisk.read);
    await (await place.open({ disk: { ...localDisk, read } })).close();
    expect(read).not.toHaveBeenCalled();
  });

  it('removes a file that ends within its own beginning, and looks at the one before it', async () => {
    const place = createPlace();
    const first = await place.open({ fileBytes: 200 });
    await first.append(requestOf(id), caller);
    await first.append(releaseOf(id, 0), caller);
    const [, second = ''] = readdirSync(place.directory);
    truncateSync(join(place.directory, second), 20);
    const next = await place.open();
    expect(next).toMatchObject({ interrupted: 1, repairs: [{ file: second, offset: 0, bytes: 20 }] });
    await next.close();
    expect(readdirSync(place.directory)).not.toContain(second);
    expect(await place.find(id)).toMatchObject([{ kind: 'request' }, { status: 'interrupted' }]);
  });

  it('removes the one file of a writer that ends within its own beginning', async () => {
    const place = createPlace();
    await place.open();
    truncateSync(join(place.directory, readdirSync(place.directory)[0] ?? ''), 0);
    const next = await place.open();
    expect(next).toMatchObject({ interrupted: 0, repairs: [] });
    await next.close();
    expect(readdirSync(place.directory)).toHaveLength(1);
  });

  it('removes files that were never finished being made, and leaves what is not its own', async () => {
    const place = createPlace();
    await (await place.open()).close();
    writeFileSync(join(place.directory, '0123456789abcdef-00000000.journal.new'), 'x');
    writeFileSync(join(place.directory, '0123456789abcdef-00000000.journal.0123456789abcdef.torn.new'), 'x');
    writeFileSync(join(place.directory, 'notes.txt'), 'x');
    await (await place.open()).close();
    expect(readdirSync(place.directory).filter((name) => !name.endsWith('.journal'))).toEqual(['notes.txt']);
  });

  it('refuses to start on damage that is not at an end, and names the file and the byte', async () => {
    const place = createPlace();
    const first = await place.open();
    for (const record of exchange) await first.append(record, caller);
    const [placed] = await place.entries();
    const file = join(place.directory, placed?.file ?? '');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8((placed?.offset ?? 0) + 100) ^ 1, (placed?.offset ?? 0) + 100);
    writeFileSync(file, bytes);
    const expected = { name: 'JournalDamageError', file: placed?.file, offset: placed?.offset };
    await expect(place.open()).rejects.toMatchObject(expected);
    await expect(place.find(id)).rejects.toMatchObject(expected);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('takes a broken last write off, keeps it beside the file, and says so', async () => {
    const place = createPlace();
    const first = await place.open();
    for (const record of exchange) await first.append(record, caller);
    const last = (await place.entries()).at(-1);
    const file = join(place.directory, last?.file ?? '');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(file, bytes);
    const second = await place.open();
    const [repair] = second.repairs;
    expect(repair).toEqual({ file: last?.file, offset: last?.offset, bytes: bytes.length - (last?.offset ?? 0) });
    const [torn = ''] = readdirSync(place.directory).filter((name) => name.endsWith('.torn'));
    expect(torn.startsWith(last?.file ?? 'no file')).toBe(true);
    expect(readFileSync(join(place.directory, torn)).equals(bytes.subarray(last?.offset))).toBe(true);
    expect((await place.find(id)).map(({ kind }) => kind)).toEqual(['request', 'release', 'release', 'response']);
    expect(second.interrupted).toBe(1);
    await second.close();
  });

  it('keeps a seal that has something torn after it', async () => {
    const place = createPlace();
    const first = await place.open();
    for (const record of exchange) await first.append(record, caller);
    await first.close();
    const file = join(place.directory, readdirSync(place.directory)[0] ?? '');
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(5)]));
    const second = await place.open();
    expect(second).toMatchObject({ interrupted: 0, repairs: [{ offset: bytes.length, bytes: 5 }] });
    await second.close();
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('opens after the last file is cut at any byte, and has every entry before the cut', async () => {
    const place = createPlace();
    const first = await place.open({ fileBytes: 2500 });
    for (let n = 0; n < 4; n += 1) {
      await Promise.all([
        first.append(requestOf(requestIdOf(n)), caller),
        first.append(releaseOf(requestIdOf(n), 0), caller),
      ]);
      if (n < 2) await first.append(responseOf(requestIdOf(n)), caller);
    }
    const before = await place.entries();
    const names = readdirSync(place.directory);
    const last = names.at(-1) ?? '';
    expect(names.length).toBeGreaterThan(1);
    const size = statSync(join(place.directory, last)).size;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: size }), async (length) => {
        const copy = join(temporaryDirectory(), 'journal');
        mkdirSync(copy);
        for (const name of names) copyFileSync(join(place.directory, name), join(copy, name));
        truncateSync(join(copy, last), length);
        const keys = place.keys;
        const cut = createPlace(copy);
        for (const [name, key] of keys.keys) cut.keys.keys.set(name, key);
        const journal = await cut.open();
        await journal.append(requestOf(requestIdOf(99)), caller);
        await journal.append(responseOf(requestIdOf(99)), caller);
        await journal.close();
        const whole = before.filter(({ file, entry, offset }) => {
          const frame = toEntryFrame(entry);
          return file !== last || offset + frame.length <= length;
        });
        const after = await cut.entries();
        for (const { entry } of whole) {
          expect(after.filter((found) => Buffer.compare(found.entry.sealed, entry.sealed) === 0)).toHaveLength(1);
        }
        for (const { entry } of whole.filter((placed) => placed.entry.type === 'request')) {
          expect((await cut.find(entry.requestId)).at(-1)?.kind).toBe('response');
        }
      }),
      { numRuns: 60 },
    );
  });
});
