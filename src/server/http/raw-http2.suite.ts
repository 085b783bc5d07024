import { connect, type Socket } from 'node:net';

/** Types of frames (RFC 9113, section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;

export interface RawFrame {
  readonly type: number;
  readonly flags?: number;
  readonly stream?: number;
  readonly payload?: Uint8Array;
}

/** A client that writes whatever frames it likes. */
export interface RawHttp2 {
  readonly socket: Socket;
  send(...frames: readonly RawFrame[]): void;
  /** All frames that came so far. */
  frames(): readonly Required<RawFrame>[];
  /** Error codes of the GOAWAY frames that came so far. */
  goaways(): readonly number[];
  readonly closed: Promise<void>;
}

/** Opens a session by prior knowledge. */
export function openRawHttp2(endpoint: string): RawHttp2 {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const frames = () => parseFrames(Buffer.concat(chunks));
  const client: RawHttp2 = {
    socket,
    closed,
    frames,
    send: (...list) => void socket.write(Buffer.concat(list.map(encodeFrame))),
    goaways: () =>
      frames()
        .filter(({ type }) => type === FRAME.goaway)
        .map(({ payload }) => Buffer.from(payload).readUInt32BE(4)),
  };
  client.send({ type: FRAME.settings });
  return client;
}

function encodeFrame({ type, flags = 0, stream = 0, payload = new Uint8Array() }: RawFrame): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function parseFrames(bytes: Buffer): readonly Required<RawFrame>[] {
  const frames: Required<RawFrame>[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    const payload = bytes.subarray(at + 9, at + 9 + length);
    if (payload.length < length) break;
    frames.push({ type: bytes[at + 3] ?? 0, flags: bytes[at + 4] ?? 0, stream: bytes.readUInt32BE(at + 5), payload });
    at += 9 + length;
  }
  return frames;
}

/** A header block of literals that enter no table (RFC 7541, section 6.2.2). */
export function toHeaderBlock(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [Buffer.of(0), toLiteral(name), toLiteral(value)]),
  );
}

function toLiteral(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const length: number[] = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.of(...length, rest), bytes]);
}

/** The four of every request. */
export function pseudoHeaders(method: string, path: string): Readonly<Record<string, string>> {
  return { ':method': method, ':scheme': 'http', ':authority': 'localhost', ':path': path };
}

/** A request whole in one frame; `flags` say what else follows. */
export function headersFrame(stream: number, headers: Readonly<Record<string, string>>, flags: number): RawFrame {
  return { type: FRAME.headers, flags, stream, payload: toHeaderBlock(headers) };
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
