import { GatewayError } from '../../core/index.ts';

/** A header of an event-stream frame. `long` and `timestamp` (epoch milliseconds) take 64 bits, signed. */
export type HeaderValue =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'byte' | 'short' | 'integer'; readonly value: number }
  | { readonly type: 'long' | 'timestamp'; readonly value: bigint }
  | { readonly type: 'blob'; readonly value: Uint8Array }
  | { readonly type: 'string' | 'uuid'; readonly value: string };

export type FrameHeaders = ReadonlyMap<string, HeaderValue>;

/** Bytes a value takes, by its type's number on the wire; those of 6 and 7 say their own length in 2 bytes. */
const WIDTHS: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];

/** The wire form of a frame's headers, in the map's order. Names and values must fit their length fields. */
export function encodeHeaders(headers: FrameHeaders): Buffer {
  return Buffer.concat(
    [...headers].flatMap(([name, header]) => {
      const text = Buffer.from(name);
      return [Buffer.of(text.length), text, encodeValue(header)];
    }),
  );
}

function encodeValue({ type, value }: HeaderValue): Buffer {
  switch (type) {
    case 'boolean':
      return Buffer.of(value ? 0 : 1);
    case 'byte':
      return Buffer.of(2, value & 0xff);
    case 'short':
      return Buffer.of(3, (value >> 8) & 0xff, value & 0xff);
    case 'integer':
      return Buffer.of(4, (value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
    case 'long':
      return encodeLong(5, value);
    case 'timestamp':
      return encodeLong(8, value);
    case 'blob':
      return encodeSized(6, value);
    case 'string':
      return encodeSized(7, Buffer.from(value));
    case 'uuid':
      return Buffer.concat([Buffer.of(9), Buffer.from(value.replaceAll('-', ''), 'hex')]);
    default:
      return type satisfies never;
  }
}

function encodeLong(type: number, value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = type;
  bytes.writeBigInt64BE(value, 1);
  return bytes;
}

function encodeSized(type: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(type, value.length >> 8, value.length & 0xff), value]);
}

/** Reads the headers of one frame. Throws `upstreamFailed` for a broken or repeated one. */
export function decodeHeaders(bytes: Buffer): FrameHeaders {
  const headers = new Map<string, HeaderValue>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const type = bytes[nameEnd] ?? WIDTHS.length;
    const sized = type === 6 || type === 7;
    const start = nameEnd + (sized ? 3 : 1);
    if (start > bytes.length) throw broken('a header is cut short');
    const width = sized ? bytes.readUInt16BE(nameEnd + 1) : WIDTHS[type];
    if (width === undefined) throw broken('a header is of no known type');
    if (start + width > bytes.length) throw broken('a header is cut short');
    const name = bytes.toString('utf8', at + 1, nameEnd);
    // Two values of one name would let two readers of the frame take it for two different events.
    if (headers.has(name)) throw broken('a header stands twice');
    headers.set(name, decodeValue(type, bytes.subarray(start, start + width)));
    at = start + width;
  }
  return headers;
}

function decodeValue(type: number, bytes: Buffer): HeaderValue {
  switch (type) {
    case 0:
    case 1:
      return { type: 'boolean', value: type === 0 };
    case 2:
      return { type: 'byte', value: bytes.readInt8() };
    case 3:
      return { type: 'short', value: bytes.readInt16BE() };
    case 4:
      return { type: 'integer', value: bytes.readInt32BE() };
    case 5:
      return { type: 'long', value: bytes.readBigInt64BE() };
    case 6:
      return { type: 'blob', value: bytes };
    case 7:
      return { type: 'string', value: bytes.toString() };
    case 8:
      return { type: 'timestamp', value: bytes.readBigInt64BE() };
    default: {
      const hex = bytes.toString('hex');
      const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
      return { type: 'uuid', value: groups.join('-') };
    }
  }
}

function broken(what: string): GatewayError {
  return new GatewayError('upstreamFailed', { detail: `an event-stream frame of which ${what}` });
}
