import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sniff } from '../../src/server/http/sniff.ts';
import { byteChanges, changeBytes, FUZZ_TIMEOUT_MS, fuzz, inPieces } from './fuzzing.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const REQUEST = Buffer.from('PROPFIND / HTTP/1.1\r\nhost: localhost\r\n\r\n');

interface Sniffed {
  readonly isHttp2: boolean | undefined;
  readonly bytes: Buffer;
}

let server: Server;
let tell: (sniffed: Sniffed) => void = () => undefined;
beforeAll(async () => {
  server = createServer((socket) => {
    let isHttp2: boolean | undefined;
    const chunks: Buffer[] = [];
    const done = tell;
    sniff(socket, 5_000, (decided) => {
      isHttp2 = decided;
      socket.on('data', (chunk) => chunks.push(chunk));
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => done({ isHttp2, bytes: Buffer.concat(chunks) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

async function send(pieces: readonly Uint8Array[]): Promise<Sniffed> {
  const sniffed = new Promise<Sniffed>((resolve) => {
    tell = resolve;
  });
  const socket: Socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  return sniffed;
}

const first = fc.oneof(
  fc.constantFrom(PREFACE, REQUEST, PREFACE.subarray(0, 14), PREFACE.subarray(0, 5)),
  fc.tuple(fc.constantFrom(PREFACE, REQUEST), byteChanges).map(([bytes, changes]) => changeBytes(bytes, changes)),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

describe('what a connection’s first bytes decide', () => {
  it(
    'depends on the bytes alone, however they are cut, and takes none of them away',
    () => {
      const cases = first.chain((bytes) => inPieces(bytes).map((pieces) => ({ bytes, pieces })));
      return fuzz(
        fc.asyncProperty(cases, async ({ bytes, pieces }) => {
          const start = PREFACE.subarray(0, 14);
          const isUndecided = bytes.length < start.length && start.subarray(0, bytes.length).equals(bytes);
          const sniffed = await send(pieces);
          if (isUndecided) expect(sniffed.isHttp2).toBeUndefined();
          else expect(sniffed).toEqual({ isHttp2: bytes.subarray(0, 14).equals(start), bytes });
        }),
        60,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
