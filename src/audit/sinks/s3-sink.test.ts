import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toCheckpoint } from '../log/checkpoint.ts';
import { signer } from '../log/log-fixture.suite.ts';
import { signNote } from '../log/signed-note.ts';
import { cleanUp, OWNER, openS3 } from '../objects/s3-fixture.suite.ts';
import { readFileSink } from './file-sink-store.ts';
import { createS3Sink } from './s3-sink-store.ts';

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

const noteOf = (size: number, root = 0) =>
  signNote(toCheckpoint({ origin: 'log', size, root: new Uint8Array(32).fill(root) }), [signer]);

async function openSink() {
  const { server } = await openS3({ bucket: 'vault' });
  let time = Date.UTC(2026, 0, 31, 9, 59);
  const place = { bucket: 'vault', prefix: 'bank/', region: 'eu-central-1', endpoint: server.url };
  const sink = createS3Sink({
    name: 'vault',
    place: { ...place, forcePathStyle: true, expectedBucketOwner: OWNER },
    clock: { now: () => time },
  });
  const versions = () => [...server.bucket.objects].map(([key, kept]) => [key, kept.map(({ bytes }) => String(bytes))]);
  return { server, sink, versions, pass: (ms: number) => (time += ms) };
}

describe('a sink in S3', () => {
  it('keeps each checkpoint as an object of its own, named by the hour and the size', async () => {
    const { server, sink, versions, pass } = await openSink();
    await sink.publish(await noteOf(3), 3);
    await sink.publish(await noteOf(20), 20);
    pass(60_000);
    await sink.publish(await noteOf(1_234), 1_234);
    expect(versions()).toEqual([
      ['bank/2026-01-31-09-0000000000000003.checkpoint', [await noteOf(3)]],
      ['bank/2026-01-31-09-0000000000000020.checkpoint', [await noteOf(20)]],
      ['bank/2026-01-31-10-0000000000001234.checkpoint', [await noteOf(1_234)]],
    ]);
    const conditions = server.requests.map(({ method, headers }) => [method, headers['if-none-match']]);
    expect(conditions).toEqual(Array(3).fill(['PUT', '*']));
    expect(server.requests[0]?.headers).not.toHaveProperty('x-amz-object-lock-mode');
  });

  it('keeps one again that it has, and never writes over another', async () => {
    const { sink, versions } = await openSink();
    await sink.publish(await noteOf(3), 3);
    await sink.publish(await noteOf(3), 3);
    await expect(sink.publish(await noteOf(3, 1), 3)).rejects.toMatchObject({ name: 'LogConflictError' });
    expect(versions()).toEqual([['bank/2026-01-31-09-0000000000000003.checkpoint', [await noteOf(3)]]]);
  });

  it('has names that ascend as the log grew, up to the largest size', async () => {
    const { sink, versions } = await openSink();
    const sizes = [9, 10, 99_999, 100_000, Number.MAX_SAFE_INTEGER];
    for (const size of sizes) await sink.publish(await noteOf(size), size);
    const names = versions().map(([name]) => name);
    expect(names.toSorted()).toEqual(names);
    expect(new Set(names.map((name) => name?.length))).toHaveProperty('size', 1);
  });

  it('is read as a file sink is, once it was downloaded', async () => {
    const { sink, versions } = await openSink();
    for (const size of [3, 20]) await sink.publish(await noteOf(size), size);
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-sink-'));
    directories.push(directory);
    for (const [key, [note = '']] of versions() as [string, string[]][]) {
      writeFileSync(join(directory, key.slice('bank/'.length)), note);
    }
    expect((await readFileSink(directory)).map(({ note }) => note)).toEqual([await noteOf(3), await noteOf(20)]);
  });

  it('says so where it is not kept', async () => {
    const { server, sink, versions } = await openSink();
    server.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { times: 2 });
    await expect(sink.publish(await noteOf(1), 1)).rejects.toThrow();
    expect(versions()).toEqual([]);
    await server.close();
    await expect(sink.publish(await noteOf(1), 1)).rejects.toThrow();
  });

  it('does not keep the log waiting for a bucket that does not answer', async () => {
    const { server, sink } = await openSink();
    server.fail({ kind: 'delay', ms: 60_000 }, { times: 9 });
    const started = performance.now();
    await expect(sink.publish(await noteOf(1), 1)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
