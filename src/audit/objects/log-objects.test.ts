import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogObjects } from './log-objects.ts';
import { cleanUp, openS3 } from './s3-fixture.suite.ts';

const directories: string[] = [];
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  await cleanUp();
});

const DAY_MS = 86_400_000;
const X = Buffer.from('x');

async function openBoth() {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-objects-'));
  directories.push(directory);
  const { server } = await openS3({ now: Date.now });
  const place = { bucket: 'log', prefix: '', region: 'eu-central-1', endpoint: server.url, forcePathStyle: true };
  return { directory, server, store: { kind: 's3', ...place } as const };
}

describe('the objects of a log', () => {
  it('are in its directory', async () => {
    const { directory, server } = await openBoth();
    await createLogObjects({ kind: 'disk' }, directory).create('a', X, { isLocked: true });
    expect(readdirSync(directory)).toContain('a');
    expect(server.requests).toEqual([]);
  });

  it('are in a bucket, and nothing of them on the disk', async () => {
    const { directory, server, store } = await openBoth();
    const objects = createLogObjects(store, directory);
    await objects.create('a', X, { isLocked: true });
    expect(await objects.read('a')).toEqual(Uint8Array.from(X));
    expect([...server.bucket.objects.keys()]).toEqual(['a']);
    expect(server.bucket.objects.get('a')?.[0]?.lock).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(['governance', 'compliance'] as const)('are locked in it where they are to be, by %s', async (mode) => {
    const { directory, server, store } = await openBoth();
    const objects = createLogObjects({ ...store, objectLock: { mode, days: 30 } }, directory);
    await objects.create('tile/0/000', X, { isLocked: true });
    await objects.create('tile/0/001.p/7', X, { isLocked: false });
    const { mode: lockedBy, until = 0 } = server.bucket.objects.get('tile/0/000')?.[0]?.lock ?? {};
    expect(lockedBy).toBe(mode.toUpperCase());
    expect(Math.abs(until - Date.now() - 30 * DAY_MS)).toBeLessThan(60_000);
    expect(server.bucket.objects.get('tile/0/001.p/7')?.[0]?.lock).toBeUndefined();
    await expect(objects.remove('tile/0/000')).rejects.toMatchObject({ name: 'ObjectKeptError' });
    await objects.remove('tile/0/001.p/7');
  });
});
