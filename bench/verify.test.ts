import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningTarget } from './targets/target.ts';
import { toStreamedText, verify } from './verify.ts';
import { startUpstream, type Upstream } from './worker.ts';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());

const origin = () => `http://127.0.0.1:${upstream.port}`;

const toTarget = (address: string): RunningTarget => ({
  endpoints: [{ origin: address, headers: { 'content-type': 'application/json' } }],
  path: '/v1/chat/completions',
  modelPrefix: '',
  pids: [],
  eventLoops: [],
  async [Symbol.asyncDispose]() {},
});

/** A proxy that changes what passes through it. */
async function startMeddler(change: { readonly prompt?: [string, string]; readonly answer?: [string, string] }) {
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await Array.fromAsync(incoming)).toString();
    const forwarded = request(origin() + incoming.url, { method: 'POST' }, async (answer) => {
      const text = Buffer.concat(await Array.fromAsync(answer)).toString();
      outgoing.end(text.replaceAll(...(change.answer ?? ['', ''])));
    });
    forwarded.end(body.replace(...(change.prompt ?? ['', ''])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

it('passes a target that hands on both sides unchanged', async () => {
  await verify(toTarget(origin()), origin());
  using proxy = await startMeddler({});
  await verify(toTarget(proxy.address), origin());
});

it.each([
  ['a changed prompt', { prompt: [' how ', ' why '] }, 'buffered call did not reach the upstream unchanged'],
  ['a changed answer', { answer: [' how ', ' why '] }, 'its buffered answer is not'],
  ['a missing event', { answer: ['data: [DONE]', ''] }, 'does not end in `[DONE]`'],
] as const)('refuses %s', async (_name, change, message) => {
  using proxy = await startMeddler(change as Parameters<typeof startMeddler>[0]);
  await expect(verify(toTarget(proxy.address), origin())).rejects.toThrow(message);
});

it('reads a stream whatever its line ends, and refuses one that was cut', () => {
  const event = 'data: {"choices":[{"delta":{"content":"Hello"}}]}';
  expect(toStreamedText(`${event}\r\n\r\n: comment\r\n\r\ndata: [DONE]\r\n\r\n`)).toBe('Hello');
  expect(() => toStreamedText(`${event}\n\n`)).toThrow('[DONE]');
});
