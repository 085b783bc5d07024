import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { callerOf, cleanUp, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { createScene, fill, type Scene } from './export-scene.suite.ts';
import { createEntryReader } from './opened-entry.ts';

afterEach(cleanUp);

const readerOf = (scene: Scene, size: number) =>
  createEntryReader({ reader: createLogReader(scene.objects), findKey: scene.findKey(), size });

async function placesOf(scene: Scene, size: number) {
  const places: unknown[] = [];
  for await (const entry of readerOf(scene, size).all()) places.push(typeof entry === 'string' ? entry : entry.index);
  return places;
}

function segmentsOf(scene: Scene): readonly string[] {
  const names = readdirSync(join(scene.logDirectory, 'segments'), { recursive: true, encoding: 'utf8' });
  const paths = names.map((name) => join(scene.logDirectory, 'segments', name));
  return paths.filter((path) => statSync(path).isFile()).toSorted();
}

describe('the entries of a log', () => {
  it('are read in order, whoever wrote them, with whose they are', async () => {
    const scene = await createScene();
    await fill(scene, 300);
    await scene.sequence();
    expect(await placesOf(scene, 300)).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect(await placesOf(scene, 256)).toHaveLength(256);
    const { record, owner, leaf, writer } = await readerOf(scene, 300).again(3);
    expect(record).toMatchObject({ kind: 'request', requestId: requestIdOf(1) });
    expect(owner).toEqual({ tenant: 'other', principal: 'app' });
    expect(writer).toMatch(/^[0-9a-f]{16}$/);
    // Not a view of the bundle, which would be held with it.
    expect(leaf.buffer.byteLength).toBe(leaf.length);
  });

  it('are told of where they are erased or removed', async () => {
    const scene = await createScene();
    await scene.append(requestOf(requestIdOf(1)), callerOf());
    await scene.append(requestOf(requestIdOf(2)), callerOf('app', 'other'));
    await scene.append(requestOf(requestIdOf(3)), callerOf('gone', 'other'));
    await scene.sequence();
    await scene.keys.destroy((await scene.keys.find('other', 'gone'))?.keyId ?? new Uint8Array(), 0);
    expect(await placesOf(scene, 3)).toEqual([0, 1, 'erased']);
    await expect(readerOf(scene, 3).again(2)).rejects.toThrow('entry 2 was erased while the log was read');
    for (const segment of segmentsOf(scene)) rmSync(segment);
    expect(await placesOf(scene, 3)).toEqual(['removed', 'removed', 'removed']);
    await expect(readerOf(scene, 3).again(1)).rejects.toThrow('entry 1 was removed while the log was read');
    await expect(readerOf(scene, 3).again(3)).rejects.toThrow('entry 3 was removed while the log was read');
  });

  it('are refused where one does not open in its place, and where the log is shorter than it says', async () => {
    const scene = await createScene();
    await scene.append(requestOf(requestIdOf(1)));
    await scene.append(responseOf(requestIdOf(1)));
    await scene.sequence();
    const [segment = ''] = segmentsOf(scene);
    const whole = readFileSync(segment);
    chmodSync(segment, 0o600);
    writeFileSync(segment, whole.fill(0, whole.length - 20));
    await expect(placesOf(scene, 2)).rejects.toMatchObject({ name: 'LogDamageError', index: 1 });
    await scene.objects.replace('tile/entries/000.p/3', Buffer.of(), () => true);
    await expect(readerOf(scene, 3).all().next()).rejects.toMatchObject({ name: 'LogDamageError', index: 0 });
  });
});
