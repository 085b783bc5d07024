import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive; its path with `/`, relative. */
export interface ArchivedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

// PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the earliest an archive can say: times would make each archive another one. */
const DATE = 0x0021;
/** Regular files that all may read and none may change: Lambda runs as a user of its own. */
const MODE = 0o100444;
const LARGEST = 0xffff_ffff;
const MOST = 0xffff;

/**
 * An archive of the files, sorted by path: the same files give the same bytes, on any machine with the same Node.
 * Throws a `RangeError` for what only ZIP64 could hold.
 */
export function toZip(files: readonly ArchivedFile[]): Buffer {
  if (files.length > MOST) throw new RangeError(`${files.length} files are more than a zip takes`);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(bytes, { level: 9 });
    const shared = toSharedHeader(name, bytes, packed);
    directory.push(toCentralHeader(shared, offset), name);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(LOCAL);
    parts.push(local, shared, name, packed);
    offset += local.length + shared.length + name.length + packed.length;
    if (offset > LARGEST) throw new RangeError('the archive is larger than a zip can be');
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, toEnd(files.length, central.length, offset)]);
}

/** What the header before a file and that in the directory have in common. */
function toSharedHeader(name: Buffer, bytes: Uint8Array, packed: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(DEFLATED, 4);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function toCentralHeader(shared: Buffer, offset: number): Buffer {
  const before = Buffer.alloc(6);
  before.writeUInt32LE(CENTRAL, 0);
  before.writeUInt16LE(MADE_ON_UNIX, 4);
  const after = Buffer.alloc(14);
  after.writeUInt32LE(MODE * 0x1_0000, 6);
  after.writeUInt32LE(offset, 10);
  return Buffer.concat([before, shared, after]);
}

function toEnd(files: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
