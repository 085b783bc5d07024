import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseLeaf } from '../record/leaf.ts';
import { localDisk } from './disk-store.ts';
import { MAGIC } from './journal-file.ts';
import { callerOf, cleanUp, createPlace, requestIdOf, requestOf, responseOf } from './journal-fixture.suite.ts';
import { createJournalSource } from './journal-source.ts';

afterEach(cleanUp);

const caller = callerOf();
const WHOLE = 2 ** 24;

/** A place and its journal as the sequencer reads it. */
function createScene() {
  const place = createPlace();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  /** The counters of what is read, checked against the entries of the files. */
  async function read(counter: number, maxBytes = WHOLE): Promise<readonly number[]> {
    const [writer = ''] = await source.writers();
    const { entries } = await source.read(writer, counter, maxBytes);
    return entries.map(({ leaf }) => parseLeaf(leaf).counter);
  }
  const files = () =>
    readdirSync(place.directory)
      .toSorted()
      .map((name) => join(place.directory, name));
  return { ...place, source, read, files };
}

/** Appends `count` exchanges. */
async function fill(journal: Awaited<ReturnType<ReturnType<typeof createPlace>['open']>>, count: number, from = 0) {
  for (let n = from; n < from + count; n += 1) {
    await journal.append(requestOf(requestIdOf(n)), caller);
    await journal.append(responseOf(requestIdOf(n)), caller);
  }
}

const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, at) => from + at);

describe('the journal as a source', () => {
  it('has no writers where there is no journal, and nothing of one it does not know', async () => {
    const { source } = createScene();
    expect(await source.writers()).toEqual([]);
    expect(await source.read('0'.repeat(16), 0, WHOLE)).toEqual({ entries: [], hasMore: false });
    await source.discard('0'.repeat(16), 9);
  });

  it('gives what was appended, beside its writer, over all its files', async () => {
    const { open, read, source, entries } = createScene();
    const journal = await open({ fileBytes: 3000 });
    expect(await read(0)).toEqual([]);
    await fill(journal, 10);
    expect(await read(0)).toEqual(upTo(20));
    expect(await read(20)).toEqual([]);
    await fill(journal, 3, 10);
    expect(await read(20)).toEqual(upTo(26, 20));
    expect(await read(7)).toEqual(upTo(26, 7));
    await journal.close();
    expect(await read(26)).toEqual([]);
    const [writer = ''] = await source.writers();
    const { entries: given, hasMore } = await source.read(writer, 0, WHOLE);
    expect(hasMore).toBe(false);
    const placed = await entries();
    expect(given.map(({ leafHash }) => leafHash)).toEqual(placed.map(({ leafHash }) => leafHash));
    expect(given.map(({ sealed }) => sealed)).toEqual(placed.map(({ entry }) => entry.sealed));
  });

  it('gives it in pieces of any size, without a gap', async () => {
    const { open, read } = createScene();
    const journal = await open({ fileBytes: 3000 });
    await fill(journal, 8);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), async (sizes) => {
        let counter = 0;
        for (let turn = 0; counter < 16; turn += 1) {
          const counters = await read(counter, sizes[turn % sizes.length] ?? 1);
          expect(counters.length).toBeGreaterThan(0);
          expect(counters).toEqual(upTo(counter + counters.length, counter));
          counter += counters.length;
        }
      }),
      { numRuns: 30 },
    );
    await journal.close();
  });

  it('waits for the rest of a write that is under way', async () => {
    const { open, read, files } = createScene();
    await fill(await open(), 2);
    const [file = ''] = files();
    const whole = readFileSync(file);
    for (const cut of [1, 8, 9, 100]) {
      truncateSync(file, whole.length - cut);
      expect(await read(3)).toEqual([]);
      writeFileSync(file, whole);
    }
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(whole.length - 9) ^ 1, whole.length - 9);
    writeFileSync(file, flipped);
    expect(await read(3)).toEqual([]);
    writeFileSync(file, whole);
    expect(await read(3)).toEqual([3]);
  });

  it('waits for a file that is being made', async () => {
    const { open, read, files } = createScene();
    const journal = await open({ fileBytes: 1 });
    await fill(journal, 1);
    const [, second = ''] = files();
    const whole = readFileSync(second);
    for (const length of [MAGIC.length, MAGIC.length + 3, MAGIC.length + 20]) {
      writeFileSync(second, whole.subarray(0, length));
      expect(await read(0)).toEqual([]);
    }
    writeFileSync(second, whole);
    expect((await read(0)).length).toBeGreaterThan(0);
  });

  it('reads a head that is longer than usual', async () => {
    const { open, read } = createScene();
    const journal = await open({ fileBytes: 1_000_000 });
    await Promise.all(upTo(1200).map((n) => journal.append(requestOf(requestIdOf(n)), caller)));
    await fill(journal, 300, 5000);
    await journal.close();
    expect(await read(1700)).toEqual(upTo(1800, 1700));
  });

  it.each<[string, (whole: Buffer) => Buffer, string]>([
    ['a broken frame before another write', (whole) => flip(whole, 300), 'a frame is broken'],
    ['a broken head', (whole) => flip(whole, MAGIC.length + 12), 'its head is broken'],
  ])('refuses %s', async (_, change, message) => {
    const { open, read, files } = createScene();
    await fill(await open(), 3);
    const [file = ''] = files();
    writeFileSync(file, change(readFileSync(file)));
    await expect(read(0)).rejects.toMatchObject({ name: 'JournalDamageError' });
    await expect(read(0)).rejects.toThrow(message);
  });

  it('refuses a file in which an entry was left out', async () => {
    const { open, read, files, entries } = createScene();
    const journal = await open();
    await Promise.all([0, 1].map((n) => journal.append(requestOf(requestIdOf(n)), caller)));
    const [first, second] = await entries();
    const [file = ''] = files();
    const bytes = readFileSync(file);
    const [from = 0, until = 0] = [first?.offset, second?.offset];
    writeFileSync(file, Buffer.concat([bytes.subarray(0, from), bytes.subarray(until)]));
    await expect(read(0)).rejects.toThrow('entries are missing');
  });

  it('refuses to go on where entries are gone', async () => {
    const { open, read, files } = createScene();
    const journal = await open({ fileBytes: 1 });
    await fill(journal, 3);
    await journal.close();
    const [first = '', second = '', , fourth = '', fifth = ''] = files();
    rmSync(first);
    rmSync(second);
    await expect(read(0)).rejects.toThrow('entries are missing');
    expect(await read(1, 1)).toEqual([1]);
    writeFileSync(fourth, readFileSync(fifth));
    await expect(read(2)).rejects.toThrow('entries are missing');
  });

  it('lets go of whole files that are in the log, of a sealed writer all', async () => {
    const { open, read, files, source } = createScene();
    const journal = await open({ fileBytes: 3000 });
    await fill(journal, 10);
    const [writer = ''] = await source.writers();
    const before = files();
    expect(before.length).toBeGreaterThan(3);
    await source.discard(writer, 0);
    expect(files()).toEqual(before);
    await source.discard(writer, 9);
    const after = files();
    expect(after.length).toBeLessThan(before.length);
    expect(await read(9)).toEqual(upTo(20, 9));
    await source.discard(writer, 20);
    expect(files()).toEqual(before.slice(-1));
    await journal.close();
    await source.discard(writer, 19);
    expect(files()).toHaveLength(1);
    await source.discard(writer, 20);
    expect(files()).toEqual([]);
  });

  it('keeps what a crashed writer left until it is sealed', async () => {
    const { open, files, source } = createScene();
    await fill(await open(), 2);
    const [writer = ''] = await source.writers();
    await source.discard(writer, 4);
    expect(files()).toHaveLength(1);
    await (await open()).close();
    await source.discard(writer, 4);
    expect(files()).toHaveLength(1);
    expect(await source.writers()).not.toContain(writer);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}
