import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createListener, type Listener, type ListenerLimits } from './listener.ts';

const limits: ListenerLimits = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 300,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnectionsPerSource: 100,
  idleTimeoutMs: 5_000,
};
const open: Listener[] = [];
const turnedAway: string[] = [];

async function start(delayMs = 0, more: Partial<ListenerLimits> = {}): Promise<{ listener: Listener; port: number }> {
  const listener = createListener(
    (incoming, response) => {
      setTimeout(() => response.end(`${incoming.httpVersion} ${incoming.url}`), delayMs);
    },
    { limits: { ...limits, ...more }, onTurnedAway: () => turnedAway.push('one') },
  );
  open.push(listener);
  return { listener, port: await listener.listen(0, '127.0.0.1') };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

function get(port: number, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: '/a%2Fb', ...(agent && { agent }) }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function getHttp2(port: number): Promise<string> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': '/a%2Fb' });
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += chunk;
  session.close();
  return text;
}

async function send(port: number, pieces: readonly string[], pauseMs: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (!socket.closed) await once(socket, 'close');
  return text;
}

describe('the listener', () => {
  it('serves HTTP/1.1 and HTTP/2 on one port and leaves the path as it was sent', async () => {
    const { port } = await start();
    expect(await get(port)).toBe('1.1 /a%2Fb');
    expect(await getHttp2(port)).toBe('2.0 /a%2Fb');
  });

  it('decides also when the first bytes come one by one', async () => {
    const { port } = await start();
    const answer = await send(port, ['P', 'R', 'OPFIND / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'], 10);
    expect(answer).toContain('1.1 /');
  });

  it('cuts a connection that says nothing, and one whose headers never end', async () => {
    const { port } = await start();
    expect(await send(port, [], 0)).toBe('');
    expect(await send(port, ['PRI * HT'], 0)).toBe('');
    expect(await send(port, ['GET / HTTP/1.1\r\nx: '], 0)).toContain('408');
  });

  it('closes at once although clients of both versions sit idle', async () => {
    const { listener, port } = await start();
    const agent = new Agent({ keepAlive: true });
    await get(port, agent);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    await once(session, 'connect');
    const before = performance.now();
    await listener.close(30_000);
    expect(performance.now() - before).toBeLessThan(10_000);
    agent.destroy();
  });

  it('lets a request that is under way finish while closing', async () => {
    const { listener, port } = await start(100);
    const answer = get(port);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await listener.close(10_000);
    expect(await answer).toBe('1.1 /a%2Fb');
  });

  it('cuts what outlasts the grace time', async () => {
    const { listener, port } = await start(60_000);
    const answer = get(port).catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await listener.close(50);
    expect(await answer).toMatch(/hang up|reset/);
  });

  it('rejects with the reason where the port is taken', async () => {
    const { port } = await start();
    const second = createListener(() => undefined, { limits });
    await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('turns away connections of a source beyond the limit, and takes new ones as others end', async () => {
    const { port } = await start(0, { maxConnectionsPerSource: 2 });
    turnedAway.splice(0);
    const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await expect(get(port)).rejects.toThrow(/hang up|reset/i);
    expect(turnedAway).toEqual(['one']);
    held[0]?.destroy();
    await expect.poll(() => get(port).catch(() => '')).toBe('1.1 /a%2Fb');
    held[1]?.destroy();
  });

  it('ends connections over HTTP/1.1 with their answer once it drains, and goes on taking new ones', async () => {
    const { listener, port } = await start();
    const agent = new Agent({ keepAlive: true });
    await get(port, agent);
    listener.drain();
    for (let at = 0; at < 3; at += 1) {
      const answer = await send(port, ['GET / HTTP/1.1\r\nhost: x\r\n\r\n'], 0);
      expect(answer.toLowerCase()).toContain('connection: close');
    }
    expect(await getHttp2(port)).toBe('2.0 /a%2Fb');
    agent.destroy();
  });

  it('gives every header to the handler: none is left out because there are many', async () => {
    const seen: number[] = [];
    const listener = createListener(
      ({ rawHeaders, headers }, response) => {
        seen.push(rawHeaders.length / 2, Object.keys(headers).length);
        response.end();
      },
      { limits: { ...limits, maxHeaderBytes: 65_536 } },
    );
    open.push(listener);
    const port = await listener.listen(0, '127.0.0.1');
    const many = Array.from({ length: 3_000 }, (_, at) => `x${at}: y\r\n`).join('');
    await send(port, [`GET / HTTP/1.1\r\n${many}host: x\r\nconnection: close\r\n\r\n`], 0);
    expect(seen).toEqual([3_002, 3_002]);
  });

  it('cuts a client that does not take an answer that waits for it', async () => {
    const cut = Promise.withResolvers<void>();
    const listener = createListener(
      (_request, response) => {
        response.once('close', cut.resolve);
        response.end(Buffer.alloc(64_000_000));
      },
      { limits: { ...limits, idleTimeoutMs: 400 } },
    );
    open.push(listener);
    const socket = connect(await listener.listen(0, '127.0.0.1'), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await cut.promise;
    // Only what was on its way is there.
    let taken = 0;
    socket.on('data', (chunk) => {
      taken += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(taken).toBeLessThan(60_000_000);
  });

  it('answers requests that come before the answers to others, and cuts who sends too many of them', async () => {
    let atOnce = 0;
    const listener = createListener(
      (incoming, response) => {
        atOnce += 1;
        setTimeout(() => response.end(`${incoming.url} `), 50);
      },
      { limits, onTurnedAway: () => undefined },
    );
    open.push(listener);
    const port = await listener.listen(0, '127.0.0.1');
    const requests = (count: number) =>
      Array.from({ length: count }, (_, at) => `GET /${at} HTTP/1.1\r\nhost: localhost\r\n\r\n`).join('');
    const some = connect(port, '127.0.0.1');
    some.write(requests(10));
    let answers = '';
    while (!answers.includes('/9 ')) answers += (await once(some, 'data'))[0];
    some.destroy();
    atOnce = 0;
    const many = connect(port, '127.0.0.1').on('error', () => undefined);
    many.write(requests(5_000));
    await new Promise((resolve) => many.once('close', resolve));
    expect(atOnce).toBeLessThanOrEqual(64);
  });

  it('ends an idle connection of HTTP/1.1', async () => {
    const { port } = await start(0, { idleTimeoutMs: 100 });
    expect(await send(port, ['GET / HTTP/1.1\r\nhost: x\r\n\r\n'], 0)).toContain('1.1 /');
  });
});
