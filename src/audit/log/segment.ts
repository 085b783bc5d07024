/** The first bytes of every segment. The line ends show a transfer that mistook it for text. */
const MAGIC = Buffer.from('SPS1\r\n\x1a\n', 'latin1');
const COUNT = 4;
const START = MAGIC.length + COUNT;
const INDEX = 8;
const BEFORE_RECORD = INDEX + 4;
const GROUPS = 5;
const DIGITS = 3 * GROUPS;

/** A sealed record and its place in the log. */
export interface SegmentRecord {
  readonly index: number;
  readonly sealed: Uint8Array;
}

/** Where a segment lies: one tenant's records of one batch. */
export interface SegmentName {
  /** The tenant's alias, hexadecimal. */
  readonly tenantAlias: string;
  /** Index of its first record. */
  readonly first: number;
}

/** `segments/<alias>/<five groups of three digits>`, so that a tenant's segments have a prefix, and sort as they came. */
export function toSegmentPath({ tenantAlias, first }: SegmentName): string {
  const groups = String(first)
    .padStart(DIGITS, '0')
    .replaceAll(/\d{3}(?=\d)/g, '$&/');
  return `segments/${tenantAlias}/${groups}`;
}

/** The name of a path; undefined where it is not one that `toSegmentPath` gives. */
export function parseSegmentPath(path: string): SegmentName | undefined {
  const match = /^segments\/([0-9a-f]{32})\/((?:[0-9]{3}\/){4}[0-9]{3})$/.exec(path);
  if (match === null) return undefined;
  const [, tenantAlias = '', digits = ''] = match;
  return { tenantAlias, first: Number(digits.replaceAll('/', '')) };
}

/** Magic, number of records (4 bytes), then of each its index (8), length (4) and sealed record; big-endian. */
export function toSegment(records: readonly SegmentRecord[]): Buffer {
  const length = records.reduce((sum, { sealed }) => sum + BEFORE_RECORD + sealed.length, START);
  const segment = Buffer.allocUnsafe(length);
  segment.set(MAGIC);
  segment.writeUInt32BE(records.length, MAGIC.length);
  let at = START;
  for (const { index, sealed } of records) {
    segment.writeBigUInt64BE(BigInt(index), at);
    segment.writeUInt32BE(sealed.length, at + INDEX);
    segment.set(sealed, at + BEFORE_RECORD);
    at += BEFORE_RECORD + sealed.length;
  }
  return segment;
}

/** The records of a segment, views of its bytes; throws where it is not one, to its last byte. */
export function parseSegment(bytes: Uint8Array): readonly SegmentRecord[] {
  const segment = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (segment.length < START || !segment.subarray(0, MAGIC.length).equals(MAGIC)) throw notASegment();
  const records: SegmentRecord[] = [];
  for (let at = START; at < segment.length; ) {
    if (segment.length - at < BEFORE_RECORD) throw notASegment();
    const index = Number(segment.readBigUInt64BE(at));
    const start = at + BEFORE_RECORD;
    at = start + segment.readUInt32BE(at + INDEX);
    if (at > segment.length || index <= (records.at(-1)?.index ?? -1)) throw notASegment();
    records.push({ index, sealed: segment.subarray(start, at) });
  }
  if (records.length !== segment.readUInt32BE(MAGIC.length)) throw notASegment();
  return records;
}

function notASegment(): Error {
  return new Error('not a segment');
}
