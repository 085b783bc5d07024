import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'cborg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, parseEntry } from './entry.ts';
import { readFrame, toFrame } from './frame.ts';
import { MAGIC, toFileName, toFileStart, toMark, toSeal } from './journal-file.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  requestIdOf,
  requestOf,
  responseOf,
  toEntryFrame,
} from './journal-fixture.suite.ts';
import { scanFile } from './scan.ts';

interface Piece {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly payload: Uint8Array;
}

let file: string;
let bytes: Buffer;
let pieces: readonly Piece[];

/** magic, head, mark, request, mark, response, mark, seal. */
beforeAll(async () => {
  const place = createPlace();
  const journal = await place.open();
  const id = requestIdOf(1);
  await journal.append(requestOf(id), callerOf());
  await journal.append(responseOf(id), callerOf());
  await journal.close();
  file = (await place.entries())[0]?.file ?? '';
  bytes = readFileSync(join(place.directory, file));
  pieces = cut(bytes);
});

afterAll(cleanUp);

function cut(whole: Buffer): readonly Piece[] {
  const found: Piece[] = [];
  for (let at = MAGIC.length; at < whole.length; at = found.at(-1)?.end ?? 0) {
    const frame = readFrame(whole, at);
    if (frame.kind === 'broken' || frame.kind === 'incomplete') throw new Error(frame.kind);
    found.push({ kind: frame.kind, start: at, end: frame.end, payload: frame.payload });
  }
  return found;
}

function piece(index: number): Piece {
  const found = pieces[index];
  if (found === undefined) throw new Error('expected a frame');
  return found;
}

const frame = (index: number) => bytes.subarray(piece(index).start, piece(index).end);
const upTo = (index: number, ...more: readonly Uint8Array[]) =>
  Buffer.concat([bytes.subarray(0, piece(index).start), ...more]);

function entryWith(index: number, change: Partial<Entry>): Buffer {
  const entry = { ...parseEntry(piece(index).payload), ...change };
  return toEntryFrame(entry);
}

function scan(content: Buffer, name = file) {
  const entries: Entry[] = [];
  const scanned = scanFile(name, content, ({ entry }) => entries.push(entry));
  return { entries, ...scanned };
}

describe('scanning a file', () => {
  it('gives its entries, where the writer stands, and that it is sealed', () => {
    expect(pieces.map(({ kind }) => kind)).toEqual(['head', 'mark', 'entry', 'mark', 'entry', 'mark', 'seal']);
    const { entries, ...scanned } = scan(bytes);
    expect(entries.map(({ type, counter }) => [type, counter])).toEqual([
      ['request', 0],
      ['response', 1],
    ]);
    expect(scanned).toMatchObject({ tail: 'none', sealed: true, end: bytes.length, position: { counter: 2 } });
  });

  it('tells every cut, at whatever byte, from the end of a frame', () => {
    const ends = new Set([bytes.length, ...pieces.map(({ start }) => start)]);
    const beginning = piece(0).end;
    for (let length = beginning; length <= bytes.length; length += 1) {
      const { tail, end } = scan(bytes.subarray(0, length));
      expect(tail).toBe(ends.has(length) || length === beginning ? 'none' : 'incomplete');
      expect(end).toBe(Math.max(...pieces.map((cutAt) => cutAt.end).filter((cutEnd) => cutEnd <= length)));
    }
  });

  it('finds nothing in a file that ends within its own beginning', () => {
    for (let length = 0; length < piece(0).end; length += 1) {
      expect(scanFile(file, bytes.subarray(0, length), () => undefined)).toBeUndefined();
    }
  });

  it('finds every flipped bit, and before the last write says where it is', () => {
    const lastWrite = piece(5).start;
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at & 7)), at);
      const { start } = pieces.findLast((candidate) => candidate.start <= at) ?? { start: 0 };
      if (at < lastWrite) {
        expect(() => scan(flipped)).toThrow(
          expect.objectContaining({ name: 'JournalDamageError', file, offset: start }),
        );
      } else {
        expect(scan(flipped)).toMatchObject({ tail: 'broken', end: start });
      }
    }
  });

  it.each<[string, () => Buffer, string]>([
    ['text', () => Buffer.from('{"requestId": 1}'), 'does not begin as a journal file'],
    ['a first frame that is no head', () => Buffer.concat([MAGIC, frame(1)]), 'its head is broken'],
    ['a head that does not parse', () => Buffer.concat([MAGIC, toFrame('head', encode([1]))]), 'cannot be read'],
    [
      'a head that seems cut off, before writes that are whole',
      () => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(8) ^ 0x40, 8);
        changed.writeUInt8(changed.readUInt8(12) ^ 0x40, 12);
        return changed;
      },
      'its head is broken',
    ],
    ['a second head', () => upTo(1, frame(0)), 'second head'],
    ['a frame that was moved', () => upTo(1, frame(3)), 'a mark is not where it was written'],
    ['a write that is missing', () => upTo(1, toMark(1, piece(1).start)), 'entries are missing'],
    ['a mark of another length', () => upTo(1, toFrame('mark', new Uint8Array(3))), 'cannot be read'],
    [
      'an entry that does not parse',
      () => upTo(2, toEntryFrame({ ...parseEntry(piece(2).payload), sealed: encode([1]) })),
      'cannot be read',
    ],
    [
      "another writer's entry",
      () => upTo(2, entryWith(2, { writer: new Uint8Array(8) })),
      "an entry is another writer's",
    ],
    ['an entry twice', () => upTo(3, frame(2)), 'entries are missing'],
    ['a gap', () => upTo(2, entryWith(2, { counter: 1 })), 'entries are missing'],
    [
      'an entry after one that is not its predecessor',
      () => upTo(2, entryWith(2, { time: 1_764_000_000_009 }), toMark(1, piece(3).start), frame(4)),
      'not the one that was written',
    ],
    [
      'a seal after fewer entries than it names',
      () => upTo(1, toSeal({ counter: 1, previous: new Uint8Array(32) })),
      'entries are missing',
    ],
    [
      'a seal after other entries than it names',
      () => upTo(1, toSeal({ counter: 0, previous: new Uint8Array(32).fill(1) })),
      'not the one that was written',
    ],
    ['anything after a seal', () => Buffer.concat([bytes, frame(5)]), 'something follows the seal'],
  ])('refuses %s', (_, content, message) => {
    expect(() => scan(content())).toThrow(message);
  });

  it('takes no mark for a later write that stands elsewhere than it says, or is broken itself', () => {
    const broken = Buffer.from(frame(2));
    broken.writeUInt8(broken.readUInt8(20) ^ 1, 20);
    const brokenMark = Buffer.from(frame(3));
    brokenMark.writeUInt8(brokenMark.readUInt8(31) ^ 1, 31);
    expect(scan(upTo(2, broken, frame(5), brokenMark))).toMatchObject({ tail: 'broken', end: piece(2).start });
    expect(() => scan(upTo(2, broken, frame(3)))).toThrow('a frame is broken');
  });

  it("refuses a file under another's name", () => {
    for (const name of [toFileName(new Uint8Array(8), 0), file.replace('-00000000', '-00000001'), 'other']) {
      expect(() => scan(bytes, name)).toThrow("its head is another file's");
    }
  });

  it.each<[string, readonly unknown[]]>([
    ['another version', [1]],
    ['a writer of another length', [2, new Uint8Array(7)]],
    ['a sequence that is no count', [2, new Uint8Array(8), -1]],
    ['a counter that is no count', [2, new Uint8Array(8), 0, 'x']],
    ['a hash of another length', [2, new Uint8Array(8), 0, 0, new Uint8Array(3)]],
    ['no list of open exchanges', [2, new Uint8Array(8), 0, 0, new Uint8Array(32), null]],
    ['an open exchange that is no pair', [2, new Uint8Array(8), 0, 0, new Uint8Array(32), [1]]],
    ['an open exchange without an id', [2, new Uint8Array(8), 0, 0, new Uint8Array(32), [['x', new Uint8Array(16)]]]],
    ['an open exchange without a key', [2, new Uint8Array(8), 0, 0, new Uint8Array(32), [[new Uint8Array(16), 0]]]],
    [
      'an open exchange without a hash',
      [2, new Uint8Array(8), 0, 0, new Uint8Array(32), [[new Uint8Array(16), new Uint8Array(16)]]],
    ],
  ])('refuses a head with %s', (_, items) => {
    const whole = [...items, ...[2, new Uint8Array(8), 0, 0, new Uint8Array(32), []].slice(items.length)];
    expect(() => scan(Buffer.concat([MAGIC, toFrame('head', encode(whole))]))).toThrow('cannot be read');
    expect(() => scan(Buffer.concat([MAGIC, toFrame('head', encode({}))]))).toThrow('cannot be read');
  });

  it('takes a file that begins with open exchanges', () => {
    const writer = new Uint8Array(8);
    const open = new Map([
      [requestIdOf(3), { keyId: new Uint8Array(16).fill(4), leafHash: new Uint8Array(32).fill(5) }],
    ]);
    const start = toFileStart({ writer, sequence: 2, counter: 9, previous: new Uint8Array(32), open });
    expect(scan(start, toFileName(writer, 2)).head).toMatchObject({ sequence: 2, counter: 9, open });
  });
});
