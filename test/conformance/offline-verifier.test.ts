import { execFile, spawnSync } from 'node:child_process';
import { createHash, createSecretKey, hkdfSync } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actOf, createScene, fill, type Scene, verifierKey } from '../../src/audit/export/export-scene.suite.ts';
import {
  callerOf,
  cleanUp,
  requestIdOf,
  requestOf,
  responseOf,
  temporaryDirectory,
} from '../../src/audit/journal/journal-fixture.suite.ts';
import { toCheckpoint } from '../../src/audit/log/checkpoint.ts';
import { signer } from '../../src/audit/log/log-fixture.suite.ts';
import { appendToFrontier, EMPTY_ROOT, leafHash, rootOf } from '../../src/audit/log/merkle.ts';
import { parseSegment, toSegment, toSegmentPath } from '../../src/audit/log/segment.ts';
import { parseVerifierKey, signNote } from '../../src/audit/log/signed-note.ts';
import { tilesOf } from '../../src/audit/log/tile.ts';
import { createLogProver } from '../../src/audit/read/log-prover.ts';
import { createKeyWrapping } from '../../src/audit/record/key-wrapping.ts';
import { beginLeaf, endLeaf, type LeafPlace, leafLength } from '../../src/audit/record/leaf.ts';
import { type PreparedRecord, prepareRecord, sealedLength, writeSealed } from '../../src/audit/record/record-cipher.ts';
import type { RecordKey } from '../../src/audit/record/record-keys.ts';
import { atDepth } from '../../tools/test-depth.ts';

const root = resolve(import.meta.dirname, '../..');
const verifier = join(root, 'src/audit/offline/verify.mjs');

interface Verified {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a verifier in a process of its own, as an auditor does. */
function run(program: string, words: readonly string[]): Promise<Verified> {
  return new Promise((settle) => {
    execFile(process.execPath, [program, ...words], (error, out, text) => {
      settle({ code: error === null ? 0 : Number(error.code), out, error: text });
    });
  });
}

const verify = (directory: string, ...words: readonly string[]) =>
  run(verifier, [directory, '--key', verifierKey, ...words]);

/** The result as it is printed with `--json`. */
async function resultOf(directory: string, ...words: readonly string[]) {
  const { code, out } = await verify(directory, '--json', ...words);
  return { code, ...JSON.parse(out) };
}

/** A copy of a directory, changed. */
function copyOf(directory: string, change: (copy: string) => void = () => {}): string {
  const copy = join(temporaryDirectory(), 'copy');
  cpSync(directory, copy, { recursive: true });
  for (const path of filesOf(copy)) chmodSync(join(copy, path), 0o600);
  change(copy);
  return copy;
}

function filesOf(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(directory, name)).isFile()).toSorted();
}

function segmentsOf(directory: string): readonly string[] {
  return filesOf(directory).filter((path) => path.startsWith('segments/'));
}

function edit(file: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, change(readFileSync(file)));
}

/** A few places of every part of a file, the first and last among them. */
function samplesOf(length: number, count: number): readonly number[] {
  const step = Math.max(1, Math.floor(length / count));
  return [...Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step), length - 1];
}

const AT_ONCE = 8;

/** Flips a bit at samples of a file of `directory`, each by a process, and gives the places where that was not found. */
async function unfound(
  directory: string,
  path: string,
  samples = atDepth({ samples: 3, full: 6 }),
): Promise<readonly string[]> {
  const whole = readFileSync(join(directory, path));
  const bits = [0x01, 0x20] as const;
  const places = samplesOf(whole.length, samples).flatMap((at, nth) =>
    atDepth({ samples: [bits[nth % 2] ?? 1], full: [...bits] }).map((bit) => ({ at, bit })),
  );
  const notFound: string[] = [];
  const work = async () => {
    const copy = copyOf(directory);
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      const { at, bit } = place;
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ bit;
      writeFileSync(join(copy, path), changed);
      const { code, out } = await verify(copy);
      const isFound = code === 1 && out.startsWith('result: damaged');
      if (!isFound) notFound.push(`${path} at ${at} ^ ${bit}: exit ${code}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return notFound;
}

let scene: Scene;
let exported: string;
let kept: string;

beforeAll(async () => {
  scene = await createScene();
  await fill(scene, 200);
  await scene.sequence();
  await fill(scene, 100);
  await scene.sequence();
  const context = { environment: 'test', region: 'eu-central-1', body: 'full' } as const;
  exported = (await scene.exportTo({ context })).directory;
  kept = join(temporaryDirectory(), 'kept.checkpoint');
  writeFileSync(kept, scene.checkpoints[0] ?? '');
});
afterAll(cleanUp);

describe('the stand-alone verifier', () => {
  it.each([1, 255, 256, 257, 513])('accepts a log of %i entries, and an export of it', async (entries) => {
    const own = await createScene();
    await fill(own, entries);
    await own.sequence();
    const { directory } = await own.exportTo();
    const whole = { code: 0, result: 'internally consistent', origin: signer.name, size: entries, faults: 0 };
    expect(await resultOf(directory)).toMatchObject({ ...whole, lines: entries, bodies: 0 });
    expect(await resultOf(own.logDirectory)).toMatchObject({ ...whole, records: entries, removed: 0 });
  });

  it('says `verified` with a checkpoint that was kept elsewhere, and not without', async () => {
    const { code, out } = await verify(exported, '--checkpoint', kept);
    expect([code, out.split('\n')[0]]).toEqual([0, 'result: verified']);
    expect(await resultOf(exported, '--checkpoint', kept, kept)).toMatchObject({ anchors: 2, bodies: 300 });
    expect((await verify(exported)).out).toMatch(/^result: internally consistent\n/);
    // Every log goes on from an empty one.
    const empty = toCheckpoint({ origin: signer.name, size: 0, root: EMPTY_ROOT });
    const nothing = join(temporaryDirectory(), 'empty.checkpoint');
    writeFileSync(nothing, await signNote(empty, [signer]));
    expect(await resultOf(exported, '--checkpoint', nothing)).toMatchObject({
      code: 0,
      result: 'internally consistent',
    });
  });

  it('is the one that goes with an export', async () => {
    const words = ['.', '--key', verifierKey];
    const { status, stdout } = spawnSync(process.execPath, ['verify.mjs', ...words], {
      cwd: exported,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('size: 300')]);
    expect(readFileSync(join(exported, 'verify.mjs'))).toEqual(readFileSync(verifier));
  });

  it('takes nothing but what Node.js brings, and fewer than 400 lines', () => {
    const text = readFileSync(verifier, 'utf8');
    expect([...text.matchAll(/\bfrom '([^']+)'/g)].map(([, name]) => name)).not.toHaveLength(0);
    expect([...text.matchAll(/\b(?:from|import\(?) '(?!node:)/g)]).toHaveLength(0);
    expect(text.split('\n').length - 1).toBeLessThan(400);
  });

  it.each([
    'checkpoint',
    'tile/0/000',
    'tile/0/001.p/44',
    'tile/1/000.p/1',
    'tile/entries/000',
    'tile/entries/001.p/44',
  ])('finds what was changed in log/%s, and that it is missing or cut', async (path) => {
    expect(await unfound(exported, `log/${path}`, atDepth({ samples: 5, full: 12 }))).toEqual([]);
    const missing = copyOf(exported, (copy) => rmSync(join(copy, 'log', path)));
    // Without a checkpoint there is nothing to tell of.
    expect((await verify(missing)).code).toBe(path === 'checkpoint' ? 2 : 1);
    const cut = copyOf(exported, (copy) => edit(join(copy, 'log', path), (bytes) => bytes.subarray(0, -1)));
    expect((await verify(cut)).code).toBe(1);
  });

  it('finds what was changed in records.jsonl', async () => {
    expect(await unfound(exported, 'records.jsonl', atDepth({ samples: 16, full: 60 }))).toEqual([]);
  });

  it('finds what was changed in each segment of a log', async () => {
    const segments = segmentsOf(scene.logDirectory);
    expect(segments.length).toBeGreaterThan(3);
    for (const path of segments) expect(await unfound(scene.logDirectory, path)).toEqual([]);
  });

  it('finds that the last entries are missing, bundle and tile alike', async () => {
    const copy = copyOf(exported, (copy) => {
      edit(join(copy, 'log/tile/entries/001.p/44'), (bytes) => bytes.subarray(0, 2 + bytes.readUInt16BE(0)));
      edit(join(copy, 'log/tile/0/001.p/44'), (bytes) => bytes.subarray(0, 32));
    });
    expect((await resultOf(copy)).bad).toMatchObject([{ index: 256, message: 'entries are missing behind it' }]);
  });

  it('names the first bad entry', async () => {
    const bundle = 'log/tile/entries/001.p/44';
    const copy = copyOf(exported, (copy) =>
      edit(join(copy, bundle), (bytes) => {
        // The last byte of the third entry: of 256, 257 and 258.
        let end = 0;
        for (let entry = 0; entry < 3; entry += 1) end += 2 + bytes.readUInt16BE(end);
        bytes[end - 1] = (bytes[end - 1] ?? 0) ^ 1;
        return bytes;
      }),
    );
    expect((await resultOf(copy)).bad[0]).toMatchObject({ index: 258, path: 'tile/0/1' });
    expect((await verify(copy)).out).toContain('bad: entry 258: tile/0/1: its hash is not the one in the tile');
  });

  it('finds a log that was cut, and one that was written anew', async () => {
    const [early = '', late = ''] = scene.checkpoints;
    const rolled = copyOf(scene.logDirectory, (copy) => {
      writeFileSync(join(copy, 'checkpoint'), early);
      const tiles: readonly (readonly [string, number])[] = [['0', 32]];
      for (const [level, bytes] of tiles) {
        const full = readFileSync(join(copy, 'tile', level, '000'));
        mkdirSync(join(copy, 'tile', level, '000.p'), { recursive: true });
        writeFileSync(join(copy, 'tile', level, '000.p', '200'), full.subarray(0, 200 * bytes));
      }
    });
    expect(await resultOf(rolled)).toMatchObject({ code: 0, size: 200, records: 200 });
    writeFileSync(join(dirname(kept), 'late.checkpoint'), late);
    const late300 = join(dirname(kept), 'late.checkpoint');
    const cut = await resultOf(rolled, '--checkpoint', late300);
    expect(cut).toMatchObject({ code: 1, bad: [{ index: 200, message: 'it is of more entries: the log was cut' }] });
    const other = await createScene();
    await fill(other, 260);
    await other.sequence();
    const anew = await resultOf(other.logDirectory, '--checkpoint', kept);
    expect(anew).toMatchObject({ code: 1, bad: [{ index: 0, message: 'it is of another log of 200 entries' }] });
    const forged = join(dirname(kept), 'forged.checkpoint');
    writeFileSync(forged, early.replace('\n200\n', '\n100\n'));
    expect((await resultOf(exported, '--checkpoint', forged)).bad[0].path).toBe(forged);
  });

  it('takes no other note of the same key for a checkpoint', async () => {
    const roots = [Buffer.alloc(31).toString('base64'), Buffer.alloc(32).toString('base64')];
    const texts = [`${signer.name}\n0\n${roots[0]}\n`, `${signer.name}\n-1\n${roots[1]}\n`, 'a letter\n'];
    for (const text of texts) {
      const note = await signNote(text, [signer]);
      const copy = copyOf(exported, (copy) => writeFileSync(join(copy, 'log/checkpoint'), note));
      expect(await resultOf(copy), text).toMatchObject({ code: 1, bad: [{ path: 'checkpoint' }] });
    }
  });

  it('finds a root that is not that of the leaves, though it is signed', async () => {
    const note = await signNote(toCheckpoint({ origin: signer.name, size: 300, root: new Uint8Array(32) }), [signer]);
    const copy = copyOf(exported, (copy) => writeFileSync(join(copy, 'log/checkpoint'), note));
    expect((await resultOf(copy)).bad).toEqual([{ path: 'checkpoint', message: 'its root is not that of the leaves' }]);
  });
});

/** An export with its records changed, each by itself. */
function withRecords(change: (records: { [member: string]: unknown }[]) => unknown[]): string {
  return copyOf(exported, (copy) =>
    edit(join(copy, 'records.jsonl'), (bytes) => {
      const records = bytes.toString().trimEnd().split('\n');
      const changed = change(records.map((line) => JSON.parse(line)));
      return Buffer.from(changed.map((record) => `${JSON.stringify(record)}\n`).join(''));
    }),
  );
}

describe('what an export discloses', () => {
  it('is refused at another index, twice, behind the log and without its end', async () => {
    const moved = withRecords(([first, second, ...rest]) => [{ ...first, index: 1 }, { ...second, index: 0 }, ...rest]);
    expect((await resultOf(moved)).bad).toMatchObject([{ index: 0 }, { index: 1 }]);
    for (const index of [300, -1, 0.5, '0', null]) {
      const behind = withRecords(([first, ...rest]) => [{ ...first, index }, ...rest]);
      expect((await verify(behind)).code, String(index)).toBe(1);
    }
    expect((await resultOf(withRecords((all) => [...all, all[0]]))).bad).toHaveLength(1);
    const cut = copyOf(exported, (copy) => edit(join(copy, 'records.jsonl'), (bytes) => bytes.subarray(0, -1)));
    expect((await verify(cut)).code).toBe(1);
  });

  it('is refused where texts are not in the one form that was committed to', async () => {
    const salt = (text: unknown) => Buffer.from(String(text), 'base64');
    // The beginning of a text, taken for the end of its salt, comes to the same hash.
    const shifted = withRecords((all) =>
      all.map((record) => {
        const [header, body] = [String(record.header), String(record.body)];
        return {
          ...record,
          header: header.slice(1),
          headerSalt: Buffer.concat([salt(record.headerSalt), Buffer.from(header.slice(0, 1))]).toString('base64'),
          body,
        };
      }),
    );
    expect((await resultOf(shifted)).faults).toBe(300);
    const own = await createScene();
    await own.append({ ...requestOf(requestIdOf(1)), model: 'a \ufffd' });
    await own.sequence();
    const { directory } = await own.exportTo();
    expect((await verify(directory)).code).toBe(0);
    // Half a pair of surrogates has the same bytes in UTF-8 as the character that stands for what cannot be read.
    const whole = readFileSync(join(directory, 'records.jsonl'));
    edit(join(directory, 'records.jsonl'), (bytes) => Buffer.from(bytes.toString().replace('\ufffd', '\\ud800')));
    expect((await verify(directory)).code).toBe(1);
    // So has, for a lenient reader, a byte that is no UTF-8; and a mark of byte order has no text at all.
    const at = whole.indexOf('\ufffd');
    const broken = Buffer.concat([whole.subarray(0, at), Buffer.of(0xff), whole.subarray(at + 3)]);
    for (const changed of [broken, Buffer.concat([Buffer.from('\ufeff'), whole])]) {
      writeFileSync(join(directory, 'records.jsonl'), changed);
      expect((await verify(directory)).code).toBe(1);
    }
    for (const change of [{ note: 1 }, { header: undefined }, { body: 7 }, { headerSalt: '' }, { leaf: null }]) {
      const changed = withRecords(([first, ...rest]) => [{ ...first, ...change }, ...rest]);
      expect((await verify(changed)).code, JSON.stringify(change)).toBe(1);
    }
  });

  it('lets what it says steer no terminal', async () => {
    const hostile = withRecords(([first, ...rest]) => [first, ...rest]);
    writeFileSync(join(hostile, 'records.jsonl'), '\u001b[31m\u009b\n');
    const { code, out } = await verify(hostile);
    expect(code).toBe(1);
    expect(out).not.toMatch(/[^\n -~]/);
  });

  it('may be less than the log has, and none at all', async () => {
    expect(await resultOf(withRecords((all) => all.slice(5)))).toMatchObject({ code: 0, lines: 295 });
    expect(await resultOf(withRecords(() => []))).toMatchObject({ code: 0, lines: 0 });
  });
});

describe('the records of a log', () => {
  it('are missed where they are gone, moved to another tenant or put in twice', async () => {
    const segments = segmentsOf(scene.logDirectory);
    const [first = '', last = ''] = [segments.at(0), segments.at(-1)];
    const gone = copyOf(scene.logDirectory, (copy) => rmSync(join(copy, first)));
    expect((await resultOf(gone)).bad[0].message).toMatch(/^its record is missing/);
    const moved = copyOf(scene.logDirectory, (copy) => {
      const [, , ...place] = first.split('/');
      const other = join(copy, 'segments', last.split('/')[1] ?? '', ...place);
      mkdirSync(dirname(other), { recursive: true });
      renameSync(join(copy, first), other);
    });
    expect((await resultOf(moved)).bad[0].message).toBe('its record is not the one committed to');
    const twice = copyOf(scene.logDirectory, (copy) => {
      mkdirSync(join(copy, dirname(first)), { recursive: true });
      cpSync(join(copy, first), join(copy, dirname(first), '299'));
    });
    expect((await resultOf(twice)).bad[0].message).toBe('no leaf is of this record');
    const out = copyOf(scene.logDirectory, (copy) =>
      edit(join(copy, first), (bytes) => toSegment(parseSegment(bytes).slice(0, -1))),
    );
    expect((await resultOf(out)).bad).toMatchObject([{ message: expect.stringMatching(/^its record is missing/) }]);
  });

  it('may be gone where a record of retention says so, and not beyond that', async () => {
    const own = await createScene();
    await own.append(requestOf(requestIdOf(1)));
    await own.append(responseOf(requestIdOf(1)));
    await own.sequence();
    const [kept = ''] = segmentsOf(own.logDirectory);
    await own.append(requestOf(requestIdOf(2)));
    await own.append(responseOf(requestIdOf(2)));
    await own.sequence();
    const [, path = ''] = segmentsOf(own.logDirectory);
    await own.append(actOf({ kind: 'retention', disclosed: { removedSegments: [path] } }), callerOf('app', 'other'));
    await own.sequence();
    expect(await resultOf(own.logDirectory)).toMatchObject({ code: 0, records: 5, removed: 0 });
    const removed = copyOf(own.logDirectory, (copy) => rmSync(join(copy, path)));
    expect(await resultOf(removed)).toMatchObject({ code: 0, records: 3, removed: 2 });
    await own.append(requestOf(requestIdOf(3)));
    await own.append(responseOf(requestIdOf(3)));
    await own.sequence();
    const [, , later = ''] = segmentsOf(own.logDirectory).filter((name) => name.startsWith(dirname(path)));
    const taken = copyOf(own.logDirectory, (copy) =>
      edit(join(copy, later), (bytes) => toSegment(parseSegment(bytes).slice(0, 1))),
    );
    // Not of the segment that was removed, since one that is there begins between.
    expect(await resultOf(taken)).toMatchObject({ code: 1, bad: [{ index: 6 }] });
    const beyond = copyOf(removed, (copy) => rmSync(join(copy, kept)));
    expect(await resultOf(beyond)).toMatchObject({ code: 1, bad: [{ index: 0 }, { index: 1 }], removed: 2 });
  });

  it('open with their keys, and only with them', async () => {
    const wrapping = createKeyWrapping(scene.keyRing);
    const words: string[] = [];
    for (const key of scene.keys.keys.values()) {
      const secret = Buffer.from(await wrapping.unwrap(key)).toString('hex');
      words.push('--record-key', `${Buffer.from(key.keyId).toString('hex')}=${secret},${key.tenant},${key.subject}`);
    }
    expect(await resultOf(scene.logDirectory, ...words)).toMatchObject({ code: 0, records: 300, opened: 300 });
    expect(await resultOf(scene.logDirectory, ...words.slice(0, 2))).toMatchObject({
      code: 0,
      opened: expect.any(Number),
    });
    const wrong = words.map((word) => word.replace(/=../, '=00').replace(/,acme,/, ',acne,'));
    expect((await resultOf(scene.logDirectory, ...wrong)).code).toBe(1);
    const misnamed = words.map((word) => word.replace(',acme,', ',acne,'));
    expect((await resultOf(scene.logDirectory, ...misnamed)).faults).toBeGreaterThan(0);
  });
});

/** Writes a log of leaves that stand for no records, as an export that discloses none of them. */
async function writeLog(leaves: readonly Uint8Array[]): Promise<string> {
  const directory = join(temporaryDirectory(), 'log');
  for (const { path, bytes } of tilesOf({ oldSize: 0, leaves, partials: new Map() })) {
    mkdirSync(join(directory, 'log', dirname(path)), { recursive: true });
    writeFileSync(join(directory, 'log', path), bytes);
  }
  const { size, frontier } = appendToFrontier({ size: 0, frontier: [] }, leaves.map(leafHash));
  const note = await signNote(toCheckpoint({ origin: signer.name, size, root: rootOf(frontier) }), [signer]);
  writeFileSync(join(directory, 'log/checkpoint'), note);
  writeFileSync(join(directory, 'records.jsonl'), '');
  return directory;
}

/** Leaves of one writer, each changed as told. */
function chainOf(count: number, change: (place: LeafPlace, at: number) => LeafPlace = (place) => place) {
  const leaves: Uint8Array[] = [];
  let previous: Uint8Array = new Uint8Array(32);
  for (let at = 0; at < count; at += 1) {
    const own = { type: 'request', time: at, tenantAlias: new Uint8Array(16), writer: new Uint8Array(8) } as const;
    const place = change({ ...own, counter: at, previous }, at);
    const target = { bytes: Buffer.alloc(leafLength(place)), at: 0 };
    beginLeaf(target, { ...place, headerCommitment: new Uint8Array(32), bodyCommitment: new Uint8Array(32) });
    endLeaf(target, new Uint8Array(32));
    leaves.push(target.bytes);
    previous = leafHash(target.bytes);
  }
  return leaves;
}

describe('the tree and the chains of writers', () => {
  it('are followed to the third level of tiles', async () => {
    const size = 256 ** 2 + 256 + 1;
    const directory = await writeLog(chainOf(size));
    expect(existsSync(join(directory, 'log/tile/2/000.p/1'))).toBe(true);
    expect(await resultOf(directory)).toMatchObject({ code: 0, size, lines: 0 });
    edit(join(directory, 'log/tile/1/000'), (bytes) => bytes.fill(1, 5 * 32, 6 * 32));
    const { bad } = await resultOf(directory);
    expect(bad[0]).toMatchObject({ index: 5 * 256, path: 'tile/1/0' });
  });

  it.each<[string, (place: LeafPlace, at: number) => LeafPlace]>([
    ['leaves out an entry', (place, at) => ({ ...place, counter: at < 7 ? at : at + 1 })],
    ['repeats one', (place, at) => ({ ...place, counter: at < 7 ? at : at - 1 })],
    ['follows another entry', (place, at) => (at === 7 ? { ...place, previous: new Uint8Array(32) } : place)],
  ])('are broken where a writer %s, though all is signed', async (_, change) => {
    const { code, bad } = await resultOf(await writeLog(chainOf(10, change)));
    expect(code).toBe(1);
    expect(bad[0]).toEqual({ index: 7, message: "it does not follow its writer's entry before" });
  });

  it('are broken where a writer does not begin at its beginning, or an entry is no leaf', async () => {
    const late = await resultOf(await writeLog(chainOf(3, (place) => ({ ...place, counter: place.counter + 1 }))));
    expect(late.bad).toMatchObject([{ index: 0 }]);
    const early = chainOf(3, (place, at) => (at === 0 ? { ...place, previous: new Uint8Array(32).fill(1) } : place));
    expect((await resultOf(await writeLog(early))).bad).toMatchObject([{ index: 0 }]);
    const later = Buffer.from(chainOf(4).at(-1) ?? '');
    later[1] = 2;
    const longNone = Buffer.of(0x5b, 1, 1, 1, 1, 1, 1, 1, 1);
    for (const none of [Buffer.of(), Buffer.of(0x80), longNone, Buffer.of(0xff), later]) {
      const foreign = await resultOf(await writeLog([...chainOf(3), none]));
      expect(foreign).toMatchObject({ code: 1, bad: [{ index: 3 }] });
    }
  });
});

const secret = Buffer.alloc(32, 7);
const recordKey: RecordKey = {
  tenant: 'acme',
  subject: 'app',
  keyId: new Uint8Array(16).fill(8),
  tenantAlias: new Uint8Array(16),
  forWriter: (writer) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, writer, 'sallyport record A256GCM', 32))),
};

/** A log of one record, whose leaf commits to what `lie` makes of its commitments. */
async function writeLie(lie: (commitments: PreparedRecord['commitments']) => PreparedRecord['commitments']) {
  const prepared = prepareRecord(requestOf(requestIdOf(1)), new Uint8Array(64).fill(9));
  const writer = new Uint8Array(8);
  const place = { type: 'request', time: 0, tenantAlias: recordKey.tenantAlias, writer, counter: 0 } as const;
  const leaf = { bytes: Buffer.alloc(500), at: 0 };
  beginLeaf(leaf, { ...place, previous: new Uint8Array(32), ...lie(prepared.commitments) });
  const sealed = { bytes: Buffer.alloc(sealedLength(prepared, recordKey)), at: 0 };
  writeSealed(sealed, prepared, { key: recordKey, writer, counter: 0, boundLeaf: leaf.bytes.subarray(0, leaf.at) });
  endLeaf(leaf, createHash('sha256').update(sealed.bytes).digest());
  const directory = await writeLog([leaf.bytes.subarray(0, leaf.at)]);
  rmSync(join(directory, 'records.jsonl'));
  const path = join(directory, 'log', toSegmentPath({ tenantAlias: '0'.repeat(32), first: 0 }));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, toSegment([{ index: 0, sealed: sealed.bytes }]));
  const words = ['--record-key', `${'08'.repeat(16)}=${secret.toString('hex')},acme,app`];
  return resultOf(directory, ...words);
}

describe('a record whose leaf commits to another', () => {
  it('is found with its key, though leaf, record and log belong together', async () => {
    expect(await writeLie((commitments) => commitments)).toMatchObject({ code: 0, opened: 1 });
    for (const part of ['headerCommitment', 'bodyCommitment'] as const) {
      const { code, bad, opened } = await writeLie((commitments) => ({ ...commitments, [part]: new Uint8Array(32) }));
      expect([code, opened, bad]).toMatchObject([1, 0, [{ index: 0, message: expect.stringMatching(/is another$/) }]]);
    }
  });
});

describe('a proof', () => {
  const proofOf = async (index: number) => {
    const prover = createLogProver({ objects: scene.objects, key: parseVerifierKey(verifierKey) });
    const file = join(temporaryDirectory(), `${index}.tlog-proof`);
    writeFileSync(file, (await prover.prove(index)) ?? '');
    return file;
  };
  const leafHashAt = (index: number) => {
    const lines = readFileSync(join(exported, 'records.jsonl'), 'utf8').trimEnd().split('\n');
    const record = lines.map((line) => JSON.parse(line)).find((one) => one.index === index);
    return Buffer.from(leafHash(Buffer.from(record.leaf, 'base64'))).toString('hex');
  };
  const alone = (file: string, hash: string, ...words: readonly string[]) =>
    run(verifier, ['--proof', file, '--leaf-hash', hash, '--key', verifierKey, ...words]);

  it('shows that an entry is in the log, with the log or without it', async () => {
    for (const at of [0, 255, 256, 299]) {
      const file = await proofOf(at);
      expect((await alone(file, leafHashAt(at))).out).toMatch(
        /^result: internally consistent\norigin: .*\nsize: 300\n/,
      );
      expect(await resultOf(exported, '--proof', file)).toMatchObject({ code: 0, faults: 0 });
    }
  });

  it('is verified with a kept checkpoint of its size', async () => {
    const [at, hash] = [7, leafHashAt(7)];
    const late = join(temporaryDirectory(), 'late.checkpoint');
    writeFileSync(late, scene.checkpoints[1] ?? '');
    const file = await proofOf(at);
    expect((await alone(file, hash, '--checkpoint', late)).out).toMatch(/^result: verified/);
    expect((await alone(file, hash, '--checkpoint', kept)).out).toMatch(/^result: internally consistent/);
  });

  it('is refused for another entry, with other hashes, and in another form', async () => {
    const [at, hash] = [7, leafHashAt(7)];
    const file = await proofOf(at);
    expect((await alone(file, leafHashAt(8))).code).toBe(1);
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const edits = [
      text.replace(`index ${at}`, `index ${at + 1}`),
      text.replace(`index ${at}`, 'index 300'),
      text.replace(`index ${at}`, `index 0${at}`),
      text.replace('@v1', '@v2'),
      lines.toSpliced(3, 1).join('\n'),
      lines.toSpliced(3, 0, lines[3] ?? '').join('\n'),
      // More beside the leaf, which the way to the root would not come by.
      lines.toSpliced(2, 0, lines[2] ?? '').join('\n'),
      text.replace(/\n300\n/, '\n301\n'),
      '',
    ];
    for (const changed of edits) {
      writeFileSync(file, changed);
      expect((await alone(file, hash)).code, changed).toBe(1);
    }
    const proof = await proofOf(299);
    const whole = readFileSync(proof, 'utf8');
    for (const index of ['300', '0299', '']) {
      writeFileSync(proof, whole.replace('index 299', `index ${index}`));
      expect((await alone(proof, leafHashAt(299))).code, index).toBe(1);
    }
  });
});

describe('what it cannot tell', () => {
  it.each([
    ['nothing', []],
    ['no key', ['DIR']],
    ['what is no key', ['DIR', '--key', 'a+00000000+AAAA']],
    ['a key mistyped', ['DIR', '--key', verifierKey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))]],
    ['a kept checkpoint that is not there', ['DIR', '--key', verifierKey, '--checkpoint', 'nowhere']],
    ['a proof without what it is of', ['--key', verifierKey, '--proof', 'x']],
    ['a record key without its names', ['DIR', '--key', verifierKey, '--record-key', 'aa=bb']],
    ['an option that there is not', ['DIR', '--key', verifierKey, '--yes']],
  ])('given %s it exits with 2, and says how it is called', async (_, words) => {
    const { code, out, error } = await run(
      verifier,
      words.map((word) => (word === 'DIR' ? exported : word)),
    );
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain('usage: node verify.mjs');
  });

  it('tells apart a directory that holds no log, and one that another key has signed', async () => {
    for (const none of [temporaryDirectory(), '/nowhere']) {
      const told = await verify(none);
      expect([told.code, told.out, told.error]).toEqual([2, '', expect.stringContaining('checkpoint')]);
    }
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const { code, out } = await run(verifier, [exported, '--key', other]);
    expect([code, out]).toEqual([1, expect.stringContaining('none of the keys has signed it')]);
    expect((await run(verifier, [exported, '--key', other, '--key', verifierKey])).code).toBe(0);
  });
});

describe('the release', () => {
  it('holds the verifier byte for byte, and exports with it', async () => {
    const copy = temporaryDirectory();
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const { scripts, files } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    expect(files).toContain('dist');
    const PATH = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(':');
    const built = spawnSync(scripts.build, { shell: true, cwd: copy, encoding: 'utf8', env: { ...process.env, PATH } });
    expect([built.status, built.stdout]).toEqual([0, '']);
    expect(readFileSync(join(copy, 'dist/audit/offline/verify.mjs'))).toEqual(readFileSync(verifier));
    const module = pathToFileURL(join(copy, 'dist/audit/export/export-directory-store.js')).href;
    const words = [
      '--input-type=module',
      '-e',
      `process.stdout.write(await (await import('${module}')).readVerifier())`,
    ];
    const { stdout } = spawnSync(process.execPath, words);
    expect(stdout).toEqual(readFileSync(verifier));
  });
});
