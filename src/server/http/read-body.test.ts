import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../core/index.ts';
import { createBodyBudget, UNBOUNDED } from './body-budget.ts';
import { type BodyReading, readRequestBody } from './read-body.ts';

const limits = { maxBodyBytes: 10, bodyTimeoutMs: 150 };
const free: BodyReading = { allowance: UNBOUNDED, invite: () => undefined };

/** Sends raw bytes to a server that reads one body, and gives what came of it. */
async function reading(
  pieces: readonly string[],
  { hangUp = false, readAfterMs = 0, how = free } = {},
): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outcome = new Promise<string>((resolve) => {
    server.once('request', (request: IncomingMessage) => {
      const read = () =>
        readRequestBody(request, limits, how).then(
          (body) => resolve(`read ${body.toString()}`),
          (error) => resolve(error instanceof GatewayError ? error.code : 'unknown'),
        );
      if (readAfterMs === 0) read();
      else setTimeout(read, readAfterMs);
    });
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (hangUp) socket.destroy();
  const result = await outcome;
  socket.destroy();
  server.close();
  return result;
}

const post = (headers: string) => `POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`;

describe('reading a body', () => {
  it('gives the bytes, also when they come in pieces', async () => {
    expect(await reading([`${post('content-length: 5')}hello`])).toBe('read hello');
    expect(await reading([`${post('content-length: 10')}he`, 'llo', 'world'])).toBe('read helloworld');
  });

  it('gives an empty body where there is none', async () => {
    expect(await reading(['GET / HTTP/1.1\r\nhost: x\r\n\r\n'])).toBe('read ');
  });

  it('refuses a body whose declared size is over the limit before it comes', async () => {
    expect(await reading([post('content-length: 11')])).toBe('payloadTooLarge');
  });

  it('refuses a body that grows over the limit without a declared size', async () => {
    expect(await reading([post('transfer-encoding: chunked'), 'b\r\nhello world\r\n'])).toBe('payloadTooLarge');
  });

  it('refuses what finds no room beside the bodies of others: when it is announced, as it comes, and when it is here', async () => {
    const used = () => {
      const allowance = createBodyBudget({ maxUnverifiedBytes: 8, maxUnverifiedBytesPerSource: 6 }).open('a');
      return { allowance, invite: () => undefined };
    };
    expect(await reading([post('content-length: 7')], { how: used() })).toBe('throttled');
    const chunked = post('transfer-encoding: chunked');
    expect(await reading([chunked, '4\r\nfour\r\n', '3\r\nabc\r\n'], { how: used() })).toBe('throttled');
    const whole = `${chunked}7\r\nseven !\r\n0\r\n\r\n`;
    expect(await reading([whole], { how: used(), readAfterMs: 60 })).toBe('throttled');
    expect(await reading([`${post('content-length: 6')}hello!`], { how: used() })).toBe('read hello!');
  });

  it('refuses a coding of the body that nobody undoes', async () => {
    expect(await reading([`${post('transfer-encoding: gzip, chunked')}2\r\nab\r\n0\r\n\r\n`])).toBe(
      'unsupportedMediaType',
    );
    expect(await reading([`${post('transfer-encoding: Chunked')}2\r\nab\r\n0\r\n\r\n`])).toBe('read ab');
  });

  it('asks for a body only once it is known that it is wanted', async () => {
    const invited: string[] = [];
    const how = { ...free, invite: () => void invited.push('now') };
    await reading([post('content-length: 11')], { how });
    expect(invited).toEqual([]);
    await reading([`${post('content-length: 5')}hello`], { how });
    expect(invited).toEqual(['now']);
  });

  it('gives up on a body that comes too slowly', async () => {
    expect(await reading([`${post('content-length: 5')}he`])).toBe('requestTimeout');
  });

  it('notices a client that hangs up', async () => {
    expect(await reading([`${post('content-length: 5')}he`], { hangUp: true })).toBe('clientClosed');
  });

  it('gives what has come whole before it is asked for, and no more than the limit of it', async () => {
    const late = { readAfterMs: 60 };
    expect(await reading([`${post('content-length: 0')}`], late)).toBe('read ');
    expect(await reading([`${post('content-length: 5')}hello`], late)).toBe('read hello');
    expect(await reading([`${post('content-length: 10')}he`, 'lloworld'], late)).toBe('read helloworld');
    expect(await reading(['GET / HTTP/1.1\r\nhost: x\r\n\r\n'], late)).toBe('read ');
    expect(await reading([`${post('transfer-encoding: chunked')}a\r\nhelloworld\r\n0\r\n\r\n`], late)).toBe(
      'read helloworld',
    );
    expect(await reading([`${post('transfer-encoding: chunked')}b\r\nhello world\r\n0\r\n\r\n`], late)).toBe(
      'payloadTooLarge',
    );
  });

  it('does not wait for a client that hung up before its body was asked for', async () => {
    const gone = { hangUp: true, readAfterMs: 60 };
    expect(await reading([`${post('content-length: 5')}he`], gone)).toBe('clientClosed');
    expect(await reading([`${post('content-length: 5')}hello`], gone)).toBe('clientClosed');
  });

  it('lets go of a request whose body it has read, on a connection that stays', async () => {
    const ended: string[] = [];
    const server = createServer(async (request, response) => {
      request.on('end', () => ended.push(String(request.url)));
      // By now the body is here, and the parser has not yet said that it was all.
      await Promise.resolve();
      response.end(await readRequestBody(request, limits, free));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    for (const path of ['/1', '/2']) {
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello`);
      await expect.poll(() => ended.at(-1)).toBe(path);
    }
    socket.destroy();
    server.close();
  });
});
