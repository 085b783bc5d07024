import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const disk = temporaryDirectory();

/** A real, small file system; only root may mount one. */
function mountSmallDisk(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill(file: string): void {
  const handle = openSync(file, 'w');
  const block = Buffer.alloc(65_536, 1);
  try {
    for (let size = block.length; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (;;) writeSync(handle, block, 0, size);
      } catch {
        // Full for blocks of this size: the rest is filled with smaller ones.
      }
    }
  } finally {
    closeSync(handle);
  }
}

const NOVA = 'amazon.nova-lite-v1:0';
const calls = {
  Converse: { path: `/model/${NOVA}/converse`, body: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] } },
  ConverseStream: {
    path: `/model/${NOVA}/converse-stream`,
    body: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
  },
  'chat completions': {
    path: '/openai/v1/chat/completions',
    body: { model: NOVA, messages: [{ role: 'user', content: 'hello' }] },
  },
  messages: {
    path: '/anthropic/v1/messages',
    body: { model: NOVA, max_tokens: 10, messages: [{ role: 'user', content: 'hello' }] },
  },
};

const isMounted = mountSmallDisk();
describe.skipIf(!isMounted)('on a disk that is full (needs the right to mount one)', () => {
  let gateway: GatewayProcess;
  const send = ({ path, body }: { path: string; body: object }) =>
    raw(gateway.demo.endpoint, {
      path,
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}` },
    });

  beforeAll(async () => {
    gateway = await startGatewayProcess({ dataDirectory: disk });
    expect((await send(calls.Converse)).status).toBe(200);
    fill(join(disk, 'filler'));
  });
  afterAll(async () => {
    await gateway.stop();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it.each(Object.entries(calls))('the gateway refuses %s with 503 in its own shape', async (_name, call) => {
    let answer = await send(call);
    // The last page may still take a record; it cannot take many.
    for (let more = 0; answer.status === 200 && more < 50; more += 1) answer = await send(call);
    expect(answer.status).toBe(503);
    const body = JSON.parse(answer.body);
    expect(body.message ?? body.error.message).toBe('The request cannot be recorded, so it is refused.');
  });

  it('readiness fails and stays failed when there is space again: what was lost is not known', async () => {
    expect((await fetch(`${gateway.demo.endpoint}/readyz`)).status).toBe(503);
    rmSync(join(disk, 'filler'));
    expect((await send(calls.Converse)).status).toBe(503);
    expect((await fetch(`${gateway.demo.adminEndpoint}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.demo.endpoint}/healthz`)).status).toBe(200);
  });
});
