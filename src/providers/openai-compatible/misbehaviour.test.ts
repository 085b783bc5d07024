import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toAnswer } from '../../core/index.ts';
import { createOpenAICompatible } from './openai-compatible.ts';
import { chat, ending, faultOf, gather, toCompletion, toEvent } from './upstream.suite.ts';

const CANARY = 'canary-7f3a';
const CRLF = '\r\n';

/** A server that says whatever bytes a test wants, to each request it has read the head of. */
interface RawServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Settles once the latest connection is closed. */
  closed(): Promise<unknown>;
}

type Say = (socket: Socket, request: number) => void | Promise<void>;

async function startRaw(say: Say): Promise<RawServer> {
  const sockets: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    let pending = '';
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (text: string) => {
      pending += text;
      const end = pending.indexOf('}]}');
      if (end === -1 && !pending.includes('"include_usage":true}}')) return;
      pending = '';
      requests += 1;
      void say(socket, requests);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`,
    async closed() {
      const socket = sockets.at(-1);
      if (socket !== undefined) await isOver(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Settles once a connection is closed, in good order or not. */
function isOver(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

/** Sends the same without end, as fast as it is taken. */
async function flood(socket: Socket, text: string): Promise<void> {
  while (!socket.destroyed) {
    if (socket.write(text)) continue;
    await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), isOver(socket)]);
  }
}

interface Calling {
  readonly stream?: boolean;
  readonly requestTimeoutMs?: number;
}

/** The code of the fault of a call to such a server. The connection is closed by then, and no word of it is kept. */
async function codeWith(say: Say, { stream = false, requestTimeoutMs = 5_000 }: Calling = {}) {
  await using raw = await startRaw(say);
  const provider = createOpenAICompatible({ name: 'raw', baseUrl: raw.baseUrl, requestTimeoutMs });
  const fault = await faultOf(gather(provider, await chat({ stream })));
  await raw.closed();
  await provider.close();
  expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain(CANARY);
  return fault.code;
}

const head = (fields: readonly string[], status = '200 OK') => [`HTTP/1.1 ${status}`, ...fields, '', ''].join(CRLF);
const JSON_TYPE = 'content-type: application/json';
const STREAM_TYPE = 'content-type: text/event-stream';
const CHUNKED = 'transfer-encoding: chunked';
const body = toCompletion({ content: CANARY });
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}${CRLF}${text}${CRLF}`;

describe('a length that is wrong', () => {
  it('is interrupted where less comes than was said', async () => {
    const say: Say = (socket) => void socket.end(head([JSON_TYPE, `content-length: ${body.length + 9}`]) + body);
    expect(await codeWith(say)).toBe('upstreamInterrupted');
  });

  it('cuts off what comes beyond it, which is JSON no more', async () => {
    const say: Say = (socket) => void socket.write(head([JSON_TYPE, `content-length: ${body.length - 9}`]) + body);
    expect(await codeWith(say)).toBe('upstreamFailed');
  });

  it.each([
    ['that is no number', ['content-length: many']],
    ['that is negative', ['content-length: -1']],
    ['said twice', ['content-length: 5', 'content-length: 6']],
    ['beside chunks', ['content-length: 5', CHUNKED]],
  ])('is refused: one %s', async (_, fields) => {
    expect(await codeWith((socket) => void socket.write(head([JSON_TYPE, ...fields]) + body))).toBe('upstreamFailed');
  });

  it.each([
    ['no number', `zz${CRLF}${body}${CRLF}`],
    ['shorter than it says', `2${CRLF}${body}${CRLF}0${CRLF}${CRLF}`],
    ['larger than any', `ffffffffffffffffff${CRLF}${body}`],
  ])('of a chunk interrupts: %s', async (_, text) => {
    expect(await codeWith((socket) => void socket.write(head([JSON_TYPE, CHUNKED]) + text))).toBe(
      'upstreamInterrupted',
    );
  });

  it('of a chunk that never ends is interrupted with the connection', async () => {
    const say: Say = (socket) => void socket.end(head([JSON_TYPE, CHUNKED]) + chunk(body));
    expect(await codeWith(say)).toBe('upstreamInterrupted');
  });
});

describe('a head', () => {
  it.each([
    ['that is huge', head([JSON_TYPE, `x-note: ${CANARY.repeat(10_000)}`]) + body],
    ['of many fields', head([JSON_TYPE, ...Array.from({ length: 5_000 }, (_, at) => `x-${at}: ${CANARY}`)]) + body],
    ['with a field that is none', `HTTP/1.1 200 OK${CRLF}${CANARY}${CRLF}${CRLF}`],
    ['of a version that is none', `HTTP/9.9 200 OK${CRLF}${JSON_TYPE}${CRLF}${CRLF}${body}`],
    ['of a status that is none', `HTTP/1.1 2000 OK${CRLF}${JSON_TYPE}${CRLF}${CRLF}${body}`],
  ])('is refused: one %s', async (_, text) => {
    expect(await codeWith((socket) => void socket.write(text))).toBe('upstreamFailed');
  });

  it('that never ends is cut off by its size', async () => {
    const say: Say = async (socket) => {
      socket.write(`HTTP/1.1 200 OK${CRLF}`);
      while (!socket.destroyed) {
        socket.write(`x-note: ${CANARY.repeat(100)}${CRLF}`);
        await sleep(1);
      }
    };
    expect(await codeWith(say)).toBe('upstreamFailed');
  });

  it('that comes byte by byte is cut off by its time', async () => {
    const say: Say = async (socket) => {
      for (const byte of head([JSON_TYPE, 'x-note: a'.repeat(1_000)])) {
        if (socket.destroyed) return;
        socket.write(byte);
        await sleep(10);
      }
    };
    expect(await codeWith(say, { requestTimeoutMs: 150 })).toBe('upstreamTimeout');
  });

  it('of an interim answer, again and again, is cut off by its time', async () => {
    const say: Say = async (socket) => {
      while (!socket.destroyed) {
        socket.write(head([], '103 Early Hints'));
        await sleep(5);
      }
    };
    expect(await codeWith(say, { requestTimeoutMs: 150 })).toBe('upstreamTimeout');
  });

  it.each([['101 Switching Protocols'], ['100 Continue']])('of %s was not asked for', async (status) => {
    const fields = status.startsWith('101') ? ['connection: upgrade', 'upgrade: h2c'] : [];
    expect(await codeWith((socket) => void socket.write(head(fields, status)))).toBe('upstreamUnavailable');
  });

  it('that leads elsewhere, to a metadata service say, is not followed', async () => {
    for (const status of ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent']) {
      const fields = ['location: http://169.254.169.254/latest/meta-data', 'content-length: 0', 'connection: close'];
      expect(await codeWith((socket) => void socket.end(head(fields, status)))).toBe('upstreamFailed');
    }
  });
});

describe('a body', () => {
  it('that is compressed is not unpacked, however small it is', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    for (const field of ['content-encoding: gzip', 'content-encoding: gzip, gzip', 'content-encoding: zstd']) {
      const say: Say = (socket) => {
        socket.write(head([JSON_TYPE, field, `content-length: ${bomb.length}`, 'connection: close']));
        socket.end(bomb);
      };
      expect(await codeWith(say)).toBe('upstreamFailed');
    }
  });

  it('that hides its compression in the transfer coding is not JSON', async () => {
    const say: Say = (socket) => {
      const packed = gzipSync(body);
      socket.write(head([JSON_TYPE, 'transfer-encoding: gzip, chunked']));
      socket.write(`${packed.length.toString(16)}${CRLF}`);
      socket.write(packed);
      socket.end(`${CRLF}0${CRLF}${CRLF}`);
    };
    expect(await codeWith(say)).toBe('upstreamFailed');
  });

  it('without an end is cut off by its size', async () => {
    const say: Say = async (socket) => {
      socket.write(head([JSON_TYPE]));
      await flood(socket, ' '.repeat(1024 * 1024));
    };
    expect(await codeWith(say)).toBe('upstreamFailed');
  });

  it('of one line without an end is cut off by its length', async () => {
    const say: Say = async (socket) => {
      socket.write(`${head([STREAM_TYPE])}data: `);
      await flood(socket, 'a'.repeat(64 * 1024));
    };
    expect(await codeWith(say, { stream: true })).toBe('upstreamFailed');
  });

  it('that stops in the middle of an event is timed out', async () => {
    const say: Say = (socket) =>
      void socket.write(`${head([STREAM_TYPE])}${toEvent({ content: CANARY }).slice(0, 40)}`);
    expect(await codeWith(say, { stream: true, requestTimeoutMs: 100 })).toBe('upstreamTimeout');
  });

  it('that is cut within a character is interrupted, and within its chunk too', async () => {
    const event = Buffer.from(toEvent({ content: 'ä' }));
    const cut = event.subarray(0, event.indexOf(0xc3) + 1);
    expect(
      await codeWith((socket) => void socket.end(head([STREAM_TYPE]) + cut.toString('latin1'), undefined), {
        stream: true,
      }),
    ).toBe('upstreamInterrupted');
    const say: Say = (socket) => void socket.end(`${head([STREAM_TYPE, CHUNKED])}ff${CRLF}data: {`);
    expect(await codeWith(say, { stream: true })).toBe('upstreamInterrupted');
  });

  it('that is not UTF-8 is refused, whole and streamed', async () => {
    const broken = Buffer.concat([Buffer.from('{"choices":[{"message":{"content":"'), Buffer.from([0xc3, 0x28])]);
    const whole: Say = (socket) => {
      socket.write(head([JSON_TYPE, 'connection: close']));
      socket.end(broken);
    };
    expect(await codeWith(whole)).toBe('upstreamFailed');
    const streamed: Say = (socket) => {
      socket.write(`${head([STREAM_TYPE])}data: `);
      socket.write(broken);
      socket.write('\n\n');
    };
    expect(await codeWith(streamed, { stream: true })).toBe('upstreamFailed');
  });
});

describe('an answer nobody asked for', () => {
  it('is not taken for that of the next call', async () => {
    const answer = (content: string) => {
      const text = toCompletion({ content });
      return head([JSON_TYPE, `content-length: ${text.length}`]) + text;
    };
    await using raw = await startRaw((socket, request) => {
      socket.write(request === 1 ? answer('first') + answer('smuggled') : answer(`answer ${request}`));
    });
    const provider = createOpenAICompatible({
      name: 'raw',
      baseUrl: raw.baseUrl,
      requestTimeoutMs: 5_000,
      maxConnections: 1,
    });
    const exchange = await chat({ stream: false });
    const texts = async () =>
      toAnswer(await gather(provider, exchange)).blocks.map((block) => 'text' in block && block.text);
    const outcomes = await Promise.allSettled([texts(), texts()]);
    const later = await texts();
    await provider.close();
    const values = [...outcomes, { status: 'fulfilled', value: later }].flatMap((one) =>
      'value' in one ? one.value : [],
    );
    expect(values).toContain('first');
    expect(values).not.toContain('smuggled');
  });

  it('behind the last word of a stream is dropped', async () => {
    await using raw = await startRaw((socket) => {
      const said = toEvent({ content: 'hi' }) + ending;
      socket.end(`${head([STREAM_TYPE, CHUNKED])}${chunk(said)}${chunk(toEvent({ content: CANARY }))}0${CRLF}${CRLF}`);
    });
    const provider = createOpenAICompatible({ name: 'raw', baseUrl: raw.baseUrl, requestTimeoutMs: 5_000 });
    const events = await gather(provider, await chat({ stream: true }));
    await provider.close();
    expect(JSON.stringify(events)).not.toContain(CANARY);
  });
});
