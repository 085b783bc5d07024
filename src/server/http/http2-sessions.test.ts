import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createListener, type Listener } from './listener.ts';
import {
  FLAG,
  FRAME,
  headersFrame,
  openRawHttp2,
  pseudoHeaders,
  type RawFrame,
  toHeaderBlock,
  uint32,
} from './raw-http2.suite.ts';

const limits = {
  headersTimeoutMs: 1_000,
  requestTimeoutMs: 2_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 20,
  maxConnectionsPerSource: 100,
  idleTimeoutMs: 400,
};
const listeners: Listener[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(listeners.splice(0).map((listener) => listener.close(0)));
});

/** A port that never answers `/wait`, answers `/large` with more than a window, and counts what it was asked. */
async function serve() {
  const asked: string[] = [];
  const listener = createListener(
    (request, response) => {
      asked.push(String(request.url));
      if (request.url === '/wait') return;
      response.end(request.url === '/large' ? Buffer.alloc(200_000) : 'answer');
    },
    { limits },
  );
  listeners.push(listener);
  const endpoint = `http://127.0.0.1:${await listener.listen(0, '127.0.0.1')}`;
  return { asked, client: openRawHttp2(endpoint) };
}

const get = (stream: number, path = '/', more: Readonly<Record<string, string>> = {}) =>
  headersFrame(stream, { ...pseudoHeaders('GET', path), ...more }, FLAG.endHeaders | FLAG.endStream);
const many = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));

type Client = ReturnType<typeof openRawHttp2>;

/** Whether the session comes to an end by itself. */
async function isCut({ closed }: Client): Promise<boolean> {
  return Promise.race([closed.then(() => true), pause(30_000, false, { ref: false })]);
}

describe('an HTTP/2 session', () => {
  it('serves as many requests as come', async () => {
    const { asked, client } = await serve();
    for (let at = 0; at < 400; at += 1) {
      client.send(get(2 * at + 1));
      if (at % 100 === 99) await expect.poll(() => asked.length).toBe(at + 1);
    }
    expect(client.goaways()).toEqual([]);
  });

  it.each([
    [
      'requests and their resets (CVE-2023-44487)',
      500,
      (at: number) => [get(2 * at + 1, '/wait'), { type: FRAME.reset, stream: 2 * at + 1, payload: uint32(8) }],
    ],
    [
      'frames that make the server reset (CVE-2025-8671)',
      500,
      (at: number) => [get(2 * at + 1, '/wait'), { type: FRAME.windowUpdate, stream: 2 * at + 1, payload: uint32(0) }],
    ],
    [
      'bodies that are longer than announced',
      500,
      (at: number): RawFrame[] => [
        headersFrame(2 * at + 1, { ...pseudoHeaders('POST', '/wait'), 'content-length': '1' }, FLAG.endHeaders),
        { type: FRAME.data, stream: 2 * at + 1, payload: Buffer.from('two') },
      ],
    ],
    ['PINGs (CVE-2019-9512)', 150, () => [{ type: FRAME.ping, payload: Buffer.alloc(8) }]],
    ['SETTINGS (CVE-2019-9515)', 150, () => [{ type: FRAME.settings }]],
  ] as const)('is cut for many %s', async (_name, count, make) => {
    const { asked, client } = await serve();
    for (const frames of many(count, make)) client.send(...frames);
    expect(await isCut(client)).toBe(true);
    // One that is idle goes without an error.
    expect(client.goaways().some((code) => code !== 0)).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(256);
  });

  it('is not cut for PINGs that come now and then', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { client } = await serve();
    client.send(get(1, '/wait'));
    for (let at = 0; at < 3; at += 1) {
      client.send(...many(60, () => ({ type: FRAME.ping, payload: Buffer.alloc(8) })));
      const answers = () =>
        client.frames().filter(({ type, flags }) => type === FRAME.ping && flags === FLAG.ack).length;
      await expect.poll(answers).toBe(60 * (at + 1));
      vi.advanceTimersByTime(10_000);
    }
    expect(client.goaways()).toEqual([]);
  });

  it('is cut for empty frames without end (CVE-2019-9518)', async () => {
    const { client } = await serve();
    client.send(headersFrame(1, pseudoHeaders('POST', '/wait'), FLAG.endHeaders));
    client.send(...many(1_000, () => ({ type: FRAME.data, stream: 1 })));
    expect(await isCut(client)).toBe(true);
  });

  it('is cut for a header block of many pieces (CVE-2024-27316)', async () => {
    const { asked, client } = await serve();
    client.send({ type: FRAME.headers, stream: 1, payload: toHeaderBlock(pseudoHeaders('GET', '/')) });
    client.send(...many(50, () => ({ type: FRAME.continuation, stream: 1, payload: toHeaderBlock({ x: 'y' }) })));
    expect(await isCut(client)).toBe(true);
    expect(asked).toEqual([]);
  });

  it('is cut for a header block of pieces that come slowly and never end', async () => {
    const { client } = await serve();
    client.send({ type: FRAME.headers, stream: 1, payload: toHeaderBlock(pseudoHeaders('GET', '/')) });
    const dribble = setInterval(() => client.send({ type: FRAME.continuation, stream: 1 }), 150);
    expect(await isCut(client)).toBe(true);
    clearInterval(dribble);
  });

  it('gives no request to the handler whose headers are too many, or that a table blows up', async () => {
    const { asked, client } = await serve();
    client.send(get(3, '/', Object.fromEntries(many(30, (at) => [`x-${at}`, 'y']))));
    // One header of 4,000 bytes into the table, and then a thousand times what stands there first.
    const entry = Buffer.concat([Buffer.of(0x40), toHeaderBlock({ bomb: 'y'.repeat(4_000) }).subarray(1)]);
    const bomb = Buffer.concat([toHeaderBlock(pseudoHeaders('GET', '/')), entry, Buffer.alloc(1_000, 0xbe)]);
    client.send({ type: FRAME.headers, flags: FLAG.endHeaders | FLAG.endStream, stream: 5, payload: bomb });
    client.send(get(7, '/last'));
    await expect.poll(() => asked).toEqual(['/last']);
    expect(
      client
        .frames()
        .filter(({ type }) => type === FRAME.reset)
        .map(({ stream }) => stream),
    ).toEqual([3, 5]);
  });

  it('has no more requests at a time than it was told', async () => {
    const { asked, client } = await serve();
    client.send(...many(300, (at) => get(2 * at + 1, '/wait')));
    await expect.poll(() => client.frames().filter(({ type }) => type === FRAME.reset).length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(256);
  });

  it('ends when it has had no request for a while, whatever PINGs it sends', async () => {
    const { client } = await serve();
    client.send(get(1));
    const ping = setInterval(() => client.send({ type: FRAME.ping, payload: Buffer.alloc(8) }), 100);
    expect(await isCut(client)).toBe(true);
    clearInterval(ping);
  });

  it('stays while a request is under way, and ends a while after it', async () => {
    const { client } = await serve();
    client.send(get(1, '/wait'));
    await pause(800);
    expect(client.goaways()).toEqual([]);
    client.send({ type: FRAME.reset, stream: 1, payload: uint32(8) });
    expect(await isCut(client)).toBe(true);
  });

  it('loses a request whose answer is not taken, because its window stays shut (CVE-2019-9517)', async () => {
    const { client } = await serve();
    client.send(get(1, '/large'));
    await expect
      .poll(() => client.frames().some(({ type, stream }) => type === FRAME.reset && stream === 1))
      .toBe(true);
  });

  it('loses a request that is answered and never ends', async () => {
    const { client } = await serve();
    client.send(headersFrame(1, pseudoHeaders('POST', '/'), FLAG.endHeaders), {
      type: FRAME.data,
      stream: 1,
      payload: Buffer.alloc(9),
    });
    expect(await isCut(client)).toBe(true);
  });
});
