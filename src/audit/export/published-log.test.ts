import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, temporaryDirectory } from '../journal/journal-fixture.suite.ts';
import { createMemoryObjects } from '../log/log-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { appendToFrontier, leafHash, rootOf } from '../log/merkle.ts';
import { tilesOf } from '../log/tile.ts';
import { createExportDirectory } from './export-directory-store.ts';
import { copyLog } from './published-log.ts';

afterEach(cleanUp);

const leaves = Array.from({ length: 600 }, (_, at) => Buffer.from(`leaf ${at}`));

/** A log that grew through these sizes: what was partial stays until it is full. */
async function logOf(...sizes: readonly number[]) {
  const objects = createMemoryObjects();
  let oldSize = 0;
  for (const size of sizes) {
    const partials = new Map(objects.objects);
    for (const { path, bytes, isFull } of tilesOf({ oldSize, leaves: leaves.slice(oldSize, size), partials })) {
      await objects.create(path, bytes, { isLocked: isFull });
      const superseded = isFull ? [...objects.objects.keys()].filter((name) => name.startsWith(`${path}.p/`)) : [];
      for (const name of superseded) await objects.remove(name);
    }
    oldSize = size;
  }
  return objects;
}

async function copy(sizes: readonly number[], size: number) {
  const objects = await logOf(...sizes);
  const directory = join(temporaryDirectory(), 'export');
  const to = await createExportDirectory(directory);
  await copyLog({ objects, reader: createLogReader(objects), size, to });
  return { objects, read: (path: string) => readFileSync(join(directory, 'log', path)) };
}

describe('the copy of a log', () => {
  it('has every tile and bundle as they are', async () => {
    const { objects, read } = await copy([600], 600);
    expect(objects.objects.size).toBe(7);
    for (const [path, bytes] of objects.objects) expect(read(path).equals(bytes), path).toBe(true);
  });

  it('is of the size it is to be, though the log has grown and what was partial is full', async () => {
    const { objects, read } = await copy([300, 600], 300);
    expect(objects.objects.has('tile/0/001.p/44')).toBe(false);
    for (const [path, bytes] of (await logOf(300)).objects) expect(read(path).equals(bytes), path).toBe(true);
    expect(() => read('tile/0/002.p/88')).toThrow('ENOENT');
  });

  it('is refused where the log lacks a tile', async () => {
    const objects = await logOf(300);
    objects.objects.delete('tile/0/001.p/44');
    const to = await createExportDirectory(join(temporaryDirectory(), 'export'));
    const copying = copyLog({ objects, reader: createLogReader(objects), size: 300, to });
    await expect(copying).rejects.toThrow('the log lacks `tile/0/001.p/44`');
  });

  it('comes to the root of its size', async () => {
    const { read } = await copy([256, 512], 256);
    const { frontier } = appendToFrontier({ size: 0, frontier: [] }, leaves.slice(0, 256).map(leafHash));
    expect(read('tile/1/000.p/1').equals(rootOf(frontier))).toBe(true);
  });
});
