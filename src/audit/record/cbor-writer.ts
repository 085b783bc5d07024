/** Where CBOR is written next. Whoever makes the buffer makes it long enough: past its end nothing is written. */
export interface CborTarget {
  readonly bytes: Buffer;
  at: number;
}

/** Major types (RFC 8949, section 3.1), in the upper three bits of an item's first byte. */
export const majors = { unsigned: 0x00, bytes: 0x40, array: 0x80 } as const;

const TWO_32 = 2 ** 32;

/** Bytes that an item's head takes: its type and argument, in the shortest form (RFC 8949, section 4.2.1). */
export function headLength(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x10000) return 3;
  return argument < TWO_32 ? 5 : 9;
}

/**
 * Writes an item's head. The argument is the value of an `unsigned`, the length of `bytes`, the count of an `array`.
 * Throws `RangeError` for one that is no safe integer from 0.
 */
export function writeHead(target: CborTarget, kind: keyof typeof majors, argument: number): void {
  if (!Number.isSafeInteger(argument) || argument < 0) throw new RangeError('not an unsigned integer');
  const { bytes, at } = target;
  const major = majors[kind];
  const length = headLength(argument);
  switch (length) {
    case 1:
      bytes[at] = major | argument;
      break;
    case 2:
      bytes[at] = major | 24;
      bytes[at + 1] = argument;
      break;
    case 3:
      bytes[at] = major | 25;
      bytes.writeUInt16BE(argument, at + 1);
      break;
    case 5:
      bytes[at] = major | 26;
      bytes.writeUInt32BE(argument, at + 1);
      break;
    default:
      bytes[at] = major | 27;
      bytes.writeUInt32BE(Math.floor(argument / TWO_32), at + 1);
      bytes.writeUInt32BE(argument % TWO_32, at + 5);
  }
  target.at = at + length;
}

/** Writes bytes that are CBOR already, or belong to the item whose head was written last. */
export function writeRaw(target: CborTarget, bytes: Uint8Array): void {
  target.bytes.set(bytes, target.at);
  target.at += bytes.length;
}

export function writeBytes(target: CborTarget, value: Uint8Array): void {
  writeHead(target, 'bytes', value.length);
  writeRaw(target, value);
}
