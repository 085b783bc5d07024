import { describe, expect, it } from 'vitest';
import { localDisk } from '../journal/disk-store.ts';
import { callerOf, cleanUp, createPlace, requestIdOf, requestOf } from '../journal/journal-fixture.suite.ts';
import { createJournalSource } from '../journal/journal-source.ts';
import { createMemoryHeads, createMemoryObjects, signer } from './log-fixture.suite.ts';
import { parseLogHead, toHeadBytes } from './log-head.ts';
import { createLogReader } from './log-reader.ts';
import { restoreHead } from './restore-head.ts';
import { createSequencer } from './sequencer.ts';

/** A log of two writers, more than a bundle long. */
async function createScene() {
  const place = createPlace();
  const journals = [await place.open(), await place.open()];
  const objects = createMemoryObjects();
  const heads = createMemoryHeads();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const sequencer = createSequencer({ source, heads, objects, staging: createMemoryObjects(), signer, sinks: [] });
  let n = 0;
  async function append(count: number) {
    for (let left = count; left > 0; left -= 1) {
      n += 1;
      await journals[n % 3 === 0 ? 0 : 1]?.append(requestOf(requestIdOf(n)), callerOf());
    }
    while ((await sequencer.run()).hasMore);
    return heads.content;
  }
  const restore = () => restoreHead({ heads, reader: createLogReader(objects), signer });
  return { objects, heads, append, restore, [Symbol.asyncDispose]: async () => cleanUp() };
}

describe('restoring the head', () => {
  it('makes it what it was, of nothing and of an older one', async () => {
    await using scene = await createScene();
    const { heads, append, restore } = scene;
    const older = await append(10);
    const whole = await append(300);
    for (const [content, from] of [
      [undefined, 0],
      [older, 10],
    ] as const) {
      heads.content = content;
      expect(await restore()).toEqual({ from, to: 310 });
      const { staged: _, ...restored } = parseLogHead(heads.content ?? Buffer.of());
      const { staged: __, ...expected } = parseLogHead(whole ?? Buffer.of());
      expect(restored).toEqual(expected);
    }
    await append(5);
    expect(parseLogHead(heads.content ?? Buffer.of()).size).toBe(315);
  });

  it('of another log of the same size is made from the published one', async () => {
    await using scene = await createScene();
    const whole = parseLogHead((await scene.append(3)) ?? Buffer.of());
    scene.heads.content = toHeadBytes({ ...whole, frontier: whole.frontier.map(() => new Uint8Array(32)) });
    expect(await scene.restore()).toEqual({ from: 3, to: 3 });
    expect(parseLogHead(scene.heads.content).frontier).toEqual(whole.frontier);
  });

  it('does nothing where there is nothing to do, or nothing to make it of', async () => {
    await using scene = await createScene();
    await expect(scene.restore()).rejects.toThrow('there is no published log');
    const whole = parseLogHead((await scene.append(3)) ?? Buffer.of());
    await expect(scene.restore()).rejects.toThrow('nothing to restore');
    scene.heads.content = toHeadBytes({ ...whole, size: 4 });
    await expect(scene.restore()).rejects.toThrow('further than the published log');
  });

  it('does not believe a log that is not what its checkpoint signs, nor a checkpoint of another', async () => {
    await using scene = await createScene();
    await scene.append(3);
    scene.heads.content = undefined;
    const { objects } = scene.objects;
    const path = [...objects.keys()].find((name) => name.startsWith('tile/entries/')) ?? '';
    const kept = objects.get(path) ?? Buffer.of();
    const changed = Buffer.from(kept);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    objects.set(path, changed);
    await expect(scene.restore()).rejects.toThrow('not what its checkpoint signs');
    objects.set(path, kept);
    const note = Buffer.from(objects.get('checkpoint') ?? '').toString('utf8');
    objects.set('checkpoint', Buffer.from(note.replace('\n3\n', '\n2\n')));
    await expect(scene.restore()).rejects.toThrow();
    expect(scene.heads.content).toBeUndefined();
  });

  it('leaves a head that moved meanwhile', async () => {
    await using scene = await createScene();
    await scene.append(3);
    const { heads, objects } = scene;
    const moved = heads.content;
    heads.content = undefined;
    const reader = createLogReader(objects);
    const moving = {
      ...reader,
      leaves: (from: number, size: number) => {
        heads.content = moved;
        return reader.leaves(from, size);
      },
    };
    await expect(restoreHead({ heads, reader: moving, signer })).rejects.toThrow('moved on meanwhile');
    expect(heads.content).toBe(moved);
  });
});
