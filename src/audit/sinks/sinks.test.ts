import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { toCheckpoint } from '../log/checkpoint.ts';
import { signer } from '../log/log-fixture.suite.ts';
import { signNote } from '../log/signed-note.ts';
import { createFileSink, readFileSink } from './file-sink-store.ts';
import { createWebhookSink } from './webhook-sink-store.ts';

const directories: string[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  for (const server of servers.splice(0)) server.close();
});

const noteOf = (size: number) => signNote(toCheckpoint({ origin: 'log', size, root: new Uint8Array(32) }), [signer]);

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-sink-'));
  directories.push(directory);
  return directory;
}

describe('a file sink', () => {
  it('keeps the last checkpoint of each hour', async () => {
    const directory = newDirectory();
    let now = Date.UTC(2026, 0, 31, 9, 59);
    const sink = createFileSink({ name: 'vault', directory, clock: { now: () => now } });
    await sink.publish(await noteOf(3), 3);
    await sink.publish(await noteOf(7), 7);
    now += 60_000;
    await sink.publish(await noteOf(9), 9);
    expect(readdirSync(directory).toSorted()).toEqual(['2026-01-31T09.checkpoint', '2026-01-31T10.checkpoint']);
    const kept = await readFileSink(directory);
    expect(kept.map(({ note }) => note)).toEqual([await noteOf(7), await noteOf(9)]);
    expect(kept[0]?.source).toBe(join(directory, '2026-01-31T09.checkpoint'));
  });

  it('takes none back for an older one, and writes over what is no checkpoint', async () => {
    const directory = newDirectory();
    const sink = createFileSink({ name: 'vault', directory, clock: { now: () => 0 } });
    await sink.publish(await noteOf(7), 7);
    await sink.publish(await noteOf(3), 3);
    const [file = ''] = readdirSync(directory);
    expect(readFileSync(join(directory, file), 'utf8')).toBe(await noteOf(7));
    writeFileSync(join(directory, file), 'half');
    await sink.publish(await noteOf(3), 3);
    expect(readFileSync(join(directory, file), 'utf8')).toBe(await noteOf(3));
  });

  it('says so where it cannot be written', async () => {
    const blocked = join(newDirectory(), 'file');
    writeFileSync(blocked, '');
    const sink = createFileSink({ name: 'vault', directory: join(blocked, 'x'), clock: { now: () => 0 } });
    await expect(sink.publish(await noteOf(1), 1)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('makes no directory in the place of a mount that is missing, and keeps what comes once it is there', async () => {
    const directory = join(newDirectory(), 'mount', 'checkpoints');
    const sink = createFileSink({ name: 'vault', directory, clock: { now: () => 0 } });
    await expect(sink.publish(await noteOf(1), 1)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(join(directory, '..'))).toBe(false);
    mkdirSync(directory, { recursive: true });
    await sink.publish(await noteOf(1), 1);
    expect(await readFileSink(directory)).toHaveLength(1);
  });
});

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function serve(status: number): Promise<{ readonly url: string; readonly heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push({ headers: request.headers, body });
    response.writeHead(status).end('x');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/kept`, heard };
}

describe('a webhook sink', () => {
  it('posts each checkpoint, with its size and the token', async () => {
    const { url, heard } = await serve(204);
    const note = await noteOf(7);
    await createWebhookSink({ name: 'hook', url, token: 't0ken' }).publish(note, 7);
    await createWebhookSink({ name: 'hook', url }).publish(note, 8);
    expect(heard.map(({ body }) => body)).toEqual([note, note]);
    expect(heard[0]?.headers).toMatchObject({ 'x-sallyport-log-size': '7', authorization: 'Bearer t0ken' });
    expect(heard[0]?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(heard[1]?.headers.authorization).toBeUndefined();
  });

  it('asks for the token with each checkpoint, and posts nothing where it cannot be had', async () => {
    const { url, heard } = await serve(204);
    const tokens = ['first', 'second'];
    const token = async () => tokens.shift() ?? Promise.reject(new Error('no token'));
    const sink = createWebhookSink({ name: 'hook', url, token });
    await sink.publish(await noteOf(1), 1);
    await sink.publish(await noteOf(2), 2);
    expect(heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    await expect(sink.publish(await noteOf(3), 3)).rejects.toThrow('no token');
    expect(heard).toHaveLength(2);
  });

  it.each([199 + 101, 404, 500])('takes %d for a checkpoint that was not kept', async (status) => {
    const { url } = await serve(status);
    await expect(createWebhookSink({ name: 'hook', url }).publish(await noteOf(1), 1)).rejects.toThrow(String(status));
  });

  it('says so where nobody answers', async () => {
    await expect(createWebhookSink({ name: 'hook', url: 'http://127.0.0.1:1/' }).publish('x', 1)).rejects.toThrow();
  });
});
