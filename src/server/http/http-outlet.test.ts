import { once } from 'node:events';
import { type ClientRequest, get } from 'node:http';
import { type ClientHttp2Stream, connect } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outlet } from '../passage/outlet.ts';
import { createHttpOutlet } from './http-outlet.ts';
import { createListener } from './listener.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const MEBIBYTE = Buffer.alloc(1_048_576, 'x');
const limits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 5_000,
  maxHeaderBytes: 16_384,
  idleTimeoutMs: 5_000,
  maxHeaders: 100,
  maxConnectionsPerSource: 100,
};

interface Served {
  readonly outlet: Outlet;
  /** Resolves once the response is closed on this side. */
  readonly closed: Promise<unknown>;
}

/** A port of either version, and the outlet of its first response. */
async function serve(stallTimeoutMs = 5_000): Promise<{ readonly port: number; readonly served: Promise<Served> }> {
  let answer: (served: Served) => void;
  const served = new Promise<Served>((resolve) => {
    answer = resolve;
  });
  const listener = createListener(
    (_request, response) => {
      answer({ outlet: createHttpOutlet(response, { 'x-own': 'a' }, stallTimeoutMs), closed: once(response, 'close') });
    },
    { limits },
  );
  closers.push(() => listener.close(0));
  return { port: await listener.listen(0, '127.0.0.1'), served };
}

async function serve1(): Promise<Served & { readonly request: ClientRequest }> {
  const { port, served } = await serve();
  const request = get({ port, host: '127.0.0.1', agent: false });
  request.on('error', () => undefined);
  return { ...(await served), request };
}

/** As `serve1`, with a client that reads nothing until it is told to. */
async function serveIdler(stallTimeoutMs?: number): Promise<Served & { readonly socket: Socket }> {
  const { port, served } = await serve(stallTimeoutMs);
  const socket = connectTcp(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  return { ...(await served), socket };
}

async function serve2(stallTimeoutMs?: number): Promise<Served & { readonly stream: ClientHttp2Stream }> {
  const { port, served } = await serve(stallTimeoutMs);
  const session = connect(`http://127.0.0.1:${port}`);
  closers.push(() => session.destroy());
  const stream = session.request({ ':path': '/' });
  stream.on('error', () => undefined);
  return { ...(await served), stream };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes until the buffers of both ends are full and a write waits for the client. */
async function fillUp(outlet: Outlet): Promise<{ readonly waiting: Promise<void> }> {
  for (let more = 0; more < 64; more += 1) {
    const waiting = outlet.write(MEBIBYTE);
    if (waiting === undefined) continue;
    if ((await Promise.race([waiting.then(() => 'on'), pause(20)])) !== 'on') return { waiting };
  }
  throw new Error('the client takes everything');
}

describe('the outlet of an HTTP/1.1 response', () => {
  it('sends its own headers and the protocol’s, and what is written', async () => {
    const { request, outlet, closed } = await serve1();
    const answer = once(request, 'response');
    outlet.open({ 'content-type': 'text/event-stream' });
    expect(outlet.write(Buffer.from('one '))).toBeUndefined();
    outlet.write(Buffer.from('two'));
    outlet.end();
    const [response] = await answer;
    expect(response.headers).toMatchObject({ 'x-own': 'a', 'content-type': 'text/event-stream' });
    let text = '';
    for await (const chunk of response) text += chunk;
    expect(text).toBe('one two');
    await closed;
    expect(outlet.signal.aborted).toBe(false);
  });

  it('asks to wait for a client that is behind, until it has caught up', async () => {
    const { socket, outlet } = await serveIdler();
    outlet.open({});
    const { waiting } = await fillUp(outlet);
    let caughtUp = false;
    waiting.then(() => {
      caughtUp = true;
    });
    await pause(30);
    expect(caughtUp).toBe(false);
    socket.resume();
    await waiting;
    expect(outlet.signal.aborted).toBe(false);
  });

  it('tells those that listen, once, that the client is gone, and those no more that have stopped', async () => {
    const { socket, outlet, closed } = await serveIdler();
    const told: string[] = [];
    const stopped = () => told.push('stopped');
    outlet.signal.addEventListener('abort', () => told.push('listens'));
    outlet.signal.addEventListener('abort', stopped);
    outlet.signal.removeEventListener('abort', stopped);
    outlet.open({});
    socket.destroy();
    await closed;
    expect(told).toEqual(['listens']);
  });

  it('waits no more for a client that goes, and says that it is gone', async () => {
    const { socket, outlet } = await serveIdler();
    outlet.open({});
    const { waiting } = await fillUp(outlet);
    socket.destroy();
    await waiting;
    expect(outlet.signal.aborted).toBe(true);
    expect(outlet.write(MEBIBYTE)).toBeUndefined();
    outlet.end();
  });

  it('notices a client that goes after the last byte was handed over and before it was sent', async () => {
    const { socket, outlet, closed } = await serveIdler();
    outlet.open({});
    await fillUp(outlet);
    outlet.end();
    socket.destroy();
    await closed;
    expect(outlet.signal.aborted).toBe(true);
  });
});

describe('the outlet of an HTTP/2 response', () => {
  it('does not take an answer that was sent whole for a client that went', async () => {
    const { stream, outlet, closed } = await serve2();
    outlet.open({ 'content-type': 'text/plain' });
    outlet.write(Buffer.from('one'));
    outlet.end();
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(text).toBe('one');
    await closed;
    expect(outlet.signal.aborted).toBe(false);
  });

  it('neither waits nor fails where the client reset the stream before the write', async () => {
    const { stream, outlet, closed } = await serve2();
    outlet.open({});
    outlet.write(Buffer.from('one'));
    stream.close(8);
    await closed;
    expect(outlet.signal.aborted).toBe(true);
    await expect(Promise.resolve(outlet.write(MEBIBYTE))).resolves.toBeUndefined();
    outlet.end();
  });

  it('waits no more where the client resets the stream during the wait', async () => {
    const { stream, outlet } = await serve2();
    stream.pause();
    outlet.open({});
    const { waiting } = await fillUp(outlet);
    stream.close(8);
    await waiting;
    expect(outlet.signal.aborted).toBe(true);
  });
});

describe('a client that stays and takes nothing', () => {
  it.each([
    ['HTTP/1.1', () => serveIdler(100)],
    ['HTTP/2', () => serve2(100)],
  ])('is cut off over %s, so that its model call ends', async (_version, connectIdle) => {
    const { outlet, closed } = await connectIdle();
    outlet.open({});
    while (!outlet.signal.aborted) await outlet.write(MEBIBYTE);
    await closed;
    expect(outlet.signal.aborted).toBe(true);
  });
});
