import { createServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exchange, GatewayError, Provider } from '../../core/index.ts';
import { answerOf, clear, codeOf, converse, say, textOfAnswer } from '../cleared.suite.ts';
import type { BedrockOptions } from './client.ts';
import { type RawServer, serveRaw, writeForEver } from './raw-server.suite.ts';
import { connectTo, encodeEvent } from './scripted-server.suite.ts';

const SECRET = 'what the provider repeats of the prompt';

let server: RawServer | undefined;
let provider: Provider | undefined;
afterEach(async () => {
  await provider?.close();
  await server?.close();
  server = undefined;
});

async function upstream(answer: (socket: Socket, count: number) => void, more: Partial<BedrockOptions> = {}) {
  server = await serveRaw(answer);
  provider = connectTo(server.endpoint, more);
  return provider;
}

const ask = converse(say('hello'));
const stream = converse(say('hello'), 'converse-stream');

const answer = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
});
const head = (...lines: readonly string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const whole = (body: string, length = Buffer.byteLength(body)) => head(`content-length: ${length}`) + body;
const chunked = head('transfer-encoding: chunked');
const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

const delta = (text: string) => encodeEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text } });

let lastMessage = '';

/** The fault of a call; its connection must be closed, and the provider's words must not be in it. */
async function faultOf(exchange: Exchange, signal = AbortSignal.any([])): Promise<string> {
  if (provider === undefined) throw new Error('no provider');
  let fault: GatewayError | undefined;
  try {
    const { events } = await provider.invoke(await clear(exchange), signal);
    for await (const _batch of events);
  } catch (error) {
    fault = error as GatewayError;
  }
  expect(fault?.name).toBe('GatewayError');
  expect(fault?.message).not.toContain(SECRET);
  await server?.idle();
  lastMessage = fault?.message ?? '';
  return fault?.code ?? 'answered';
}

describe('a provider that is busy', () => {
  it('is asked again, and answers then', async () => {
    const busy = `HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 2\r\n\r\n{}`;
    await upstream((socket, count) => socket.write(count === 1 ? busy : whole(answer)), { maxAttempts: 2 });
    expect(await textOf(ask)).toBe('hi');
    expect(server?.requests).toBe(2);
  });
});

describe('a connection that is reset', () => {
  it.each([
    ['before an answer', '', 'upstreamUnavailable'],
    ['within the head', 'HTTP/1.1 200 OK\r\ncontent-le', 'upstreamUnavailable'],
    ['within the body', whole(answer, 1000), 'upstreamInterrupted'],
  ])('%s', async (_when, sent, code) => {
    await upstream((socket) => socket.write(sent, () => setTimeout(() => socket.resetAndDestroy(), 20)));
    expect(await faultOf(ask)).toBe(code);
  });

  it('within a frame of a stream', async () => {
    const cut = delta('one').subarray(0, 20);
    await upstream((socket) =>
      socket.write(Buffer.concat([Buffer.from(chunked), chunk(cut)]), () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      ),
    );
    expect(await faultOf(stream)).toBe('upstreamInterrupted');
  });
});

describe('an answer that is slow', () => {
  const drip = (socket: Socket) => {
    const timer = setInterval(() => socket.write(' '), 10);
    socket.on('close', () => clearInterval(timer));
  };

  it.each([
    ['in single bytes', '200 OK'],
    ['in single bytes of a refusal', '500 Oops'],
  ])('%s ends with the time the call may take', async (_name, status) => {
    await upstream((socket) => {
      socket.write(`HTTP/1.1 ${status}\r\ncontent-length: 100000\r\n\r\n`);
      drip(socket);
    });
    expect(await faultOf(ask, AbortSignal.timeout(150))).toBe('upstreamTimeout');
  });

  it.each([
    ['whole', ask],
    ['in a stream', stream],
  ])('%s ends once it pauses for longer than it may', async (_name, exchange) => {
    await upstream((socket) => socket.write(`${chunked}1\r\n{\r\n`), { requestTimeoutMs: 100 });
    expect(await faultOf(exchange)).toBe('upstreamTimeout');
  });
});

describe('a length that is wrong', () => {
  it('is noticed where less comes', async () => {
    await upstream((socket) => socket.end(whole(answer, answer.length + 1)));
    expect(await faultOf(ask)).toBe('upstreamInterrupted');
  });

  it('is noticed where more comes', async () => {
    await upstream((socket) => socket.write(whole(answer, answer.length - 1)));
    expect(await faultOf(ask)).toBe('upstreamFailed');
  });

  it.each(['with it', 'after it'])(
    'does not make what follows an answer, sent %s, the answer to the next call',
    async (when) => {
      // Response splitting: the bytes behind the announced end are a whole answer to a question nobody asked yet.
      const planted = whole(answer.replace('hi', 'planted'));
      await upstream((socket, count) => {
        if (count > 1) socket.write(whole(answer.replace('hi', 'second')));
        else if (when === 'with it') socket.write(whole(answer) + planted);
        else socket.write(whole(answer), () => setTimeout(() => socket.write(planted), 10));
      });
      const said = [await textOf(ask)];
      if (when === 'after it') await new Promise((resolve) => setTimeout(resolve, 40));
      said.push(await textOf(ask));
      expect(said).toEqual(['hi', 'second']);
    },
  );

  it('that is said in two ways is refused', async () => {
    await upstream((socket) => socket.write(head('content-length: 5', 'transfer-encoding: chunked') + answer));
    expect(await faultOf(ask)).toBe('upstreamFailed');
  });
});

async function textOf(exchange: Exchange): Promise<string> {
  if (provider === undefined) throw new Error('no provider');
  return textOfAnswer(provider, exchange).catch((error) => String(error.code));
}

describe('an answer that is packed', () => {
  const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024, ' '));
  it.each([
    ['whole', ask],
    ['in a stream', stream],
  ])('%s is not unpacked', async (_name, exchange) => {
    await upstream((socket) => {
      socket.write(head('content-encoding: gzip', `content-length: ${bomb.length}`));
      socket.write(bomb);
    });
    expect(await faultOf(exchange)).toBe('upstreamFailed');
    expect(lastMessage).toMatch(/a content encoding/);
  });

  it('into a refusal keeps the meaning of its status', async () => {
    await upstream((socket) => {
      socket.write(`HTTP/1.1 429 Busy\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(await textOf(ask)).toBe('upstreamThrottled');
  });

  it('by no packing is taken', async () => {
    await upstream((socket) =>
      socket.write(head('content-encoding: identity', `content-length: ${answer.length}`) + answer),
    );
    expect(await textOf(ask)).toBe('hi');
  });
});

describe('a frame', () => {
  const send = (frame: Uint8Array) =>
    upstream((socket) => socket.write(Buffer.concat([Buffer.from(chunked), chunk(frame)])));

  it('that is corrupt ends the call', async () => {
    const corrupt = Buffer.from(delta('one'));
    corrupt.writeUInt8(corrupt.readUInt8(corrupt.length - 6) ^ 1, corrupt.length - 6);
    await send(corrupt);
    expect(await faultOf(stream)).toBe('upstreamFailed');
  });

  it('that announces more than the format allows ends the call before it comes', async () => {
    // 2^31 bytes, with the right checksum of the prelude.
    await send(Buffer.from('80000000000000009d3a39c6', 'hex'));
    expect(await faultOf(stream)).toBe('upstreamFailed');
  });
});

describe('an answer without end', () => {
  it.each([
    ['whole', ask, Buffer.alloc(1 << 20, ' ')],
    ['in a stream', stream, Buffer.concat(Array(1000).fill(encodeEvent('somethingNew', { p: 'x'.repeat(1000) })))],
  ])('%s is given up', async (_name, exchange, bytes) => {
    await upstream((socket) => {
      socket.write(chunked);
      writeForEver(socket, chunk(bytes));
    });
    expect(await faultOf(exchange)).toBe('upstreamFailed');
  });

  it('that is a refusal is read as far as it says what it is', async () => {
    let sent = 0;
    await upstream((socket) => {
      socket.write('HTTP/1.1 503 Busy\r\nx-amzn-errortype: ThrottlingException\r\ntransfer-encoding: chunked\r\n\r\n');
      writeForEver(socket, chunk(Buffer.alloc(16_384, `{"message":"${SECRET}`)));
      socket.on('close', () => {
        sent = socket.bytesWritten;
      });
    });
    expect(['upstreamThrottled', 'upstreamUnavailable']).toContain(await faultOf(ask));
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it('that is all headers is refused', async () => {
    await upstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      writeForEver(socket, Buffer.from(`x-more: ${'x'.repeat(1000)}\r\n`));
    });
    expect(await faultOf(ask)).toBe('upstreamFailed');
  });
});

describe('what is not HTTP/1.1', () => {
  it.each([
    ['no protocol', `${SECRET}\r\n\r\n`],
    ['a status that is none', 'HTTP/1.1 2OO OK\r\n\r\n'],
  ])('is refused: %s', async (_name, sent) => {
    await upstream((socket) => socket.write(sent));
    expect(['upstreamFailed', 'upstreamUnavailable']).toContain(await faultOf(ask));
  });

  it('is waited for no longer than an answer: another protocol in its place', async () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello';
    await upstream((socket) => socket.write(switching), { requestTimeoutMs: 100 });
    expect(await faultOf(ask)).toBe('upstreamTimeout');
  });

  it('is refused: HTTP/2, which was not agreed on', async () => {
    const http2 = createServer((_request, response) => response.end(answer));
    await new Promise<void>((resolve) => http2.listen(0, '127.0.0.1', resolve));
    provider = connectTo(`http://127.0.0.1:${(http2.address() as AddressInfo).port}`);
    expect(['upstreamFailed', 'upstreamUnavailable']).toContain(await codeOf(answerOf(provider, ask)));
    await new Promise((resolve) => http2.close(resolve));
  });
});

describe('where a name leads', () => {
  it('is for the lookup to say', async () => {
    await upstream((socket) => socket.write(whole(answer)));
    const { port } = new URL(server?.endpoint ?? '');
    const seen: string[] = [];
    const leading: BedrockOptions['lookup'] = (hostname, options, callback) => {
      seen.push(hostname);
      if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    };
    const named = connectTo(`http://models.invalid:${port}`, { lookup: leading });
    expect(await textOfAnswer(named, ask)).toBe('hi');
    expect(seen).toEqual(['models.invalid']);
    await named.close();
    const refusing = connectTo(`http://models.invalid:${port}`, {
      lookup: (_hostname, _options, callback) =>
        callback(Object.assign(new Error('no'), { code: 'ERR_ADDRESS_NOT_ALLOWED' }), []),
    });
    expect(await codeOf(answerOf(refusing, ask))).toBe('upstreamUnavailable');
  });
});
