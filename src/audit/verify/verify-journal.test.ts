import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { localDisk } from '../journal/disk-store.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  requestIdOf,
  requestOf,
  responseOf,
} from '../journal/journal-fixture.suite.ts';
import { scanJournal, verifyJournal } from './verify-journal.ts';

afterEach(cleanUp);

/** A journal of one writer with four entries, and how a log may have it. */
async function createScene() {
  const place = createPlace();
  const journal = await place.open({ fileBytes: 1 });
  for (let n = 0; n < 2; n += 1) {
    await journal.append(requestOf(requestIdOf(n)), callerOf());
    await journal.append(responseOf(requestIdOf(n)), callerOf());
  }
  await journal.close();
  const entries = await place.entries();
  const writer = Buffer.from(entries[0]?.entry.writer ?? Buffer.of()).toString('hex');
  const hashOf = (counter: number) => entries[counter]?.leafHash ?? new Uint8Array(32);
  const inLog = (counter: number, previous = hashOf(counter - 1)) => new Map([[writer, { counter, previous }]]);
  const files = () =>
    readdirSync(place.directory)
      .toSorted()
      .map((name) => join(place.directory, name));
  const verify = async (log: ReturnType<typeof inLog>) =>
    verifyJournal(await scanJournal(localDisk, place.directory), log);
  return { ...place, inLog, files, verify };
}

describe('verifying a journal', () => {
  it('counts what the log has not, wherever the log is', async () => {
    const { verify, inLog } = await createScene();
    for (const counter of [0, 1, 3, 4, 7]) {
      const unsequenced = Math.max(0, 4 - counter);
      expect(await verify(inLog(counter)), `log has ${counter}`).toEqual({ faults: [], unsequenced });
    }
    expect(await verify(new Map())).toEqual({ faults: [], unsequenced: 4 });
  });

  it('takes a journal whose earlier files are in the log', async () => {
    const { verify, inLog, files } = await createScene();
    for (const file of files().slice(0, 3)) rmSync(file);
    expect(await verify(inLog(2))).toEqual({ faults: [], unsequenced: 2 });
    expect(await verify(inLog(3))).toEqual({ faults: [], unsequenced: 1 });
  });

  it('finds what is neither there nor in the log, and what does not go on where the log ends', async () => {
    const { verify, inLog, files } = await createScene();
    for (const file of files().slice(0, 3)) rmSync(file);
    expect((await verify(inLog(1))).faults[0]?.message).toContain('entries 1 to 1 of writer');
    expect((await verify(inLog(2, new Uint8Array(32).fill(9)))).faults[0]?.message).toContain('does not go on here');
    expect((await verify(inLog(4, new Uint8Array(32).fill(9)))).faults[0]?.message).toContain('does not go on here');
  });

  it('names the file that is damaged, and goes on with the rest', async () => {
    const { verify, inLog, files, open } = await createScene();
    const other = await open();
    await other.append(requestOf(requestIdOf(9)), callerOf());
    await other.append(responseOf(requestIdOf(9)), callerOf());
    await other.close();
    const [, , damaged = ''] = files();
    const bytes = readFileSync(damaged);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    writeFileSync(damaged, bytes);
    const { faults, unsequenced } = await verify(inLog(4));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toBe(damaged.split('/').at(-1));
    expect(unsequenced).toBe(2);
    rmSync(damaged);
    expect((await verify(inLog(4))).faults[0]?.message).toContain('is missing');
  });

  it('reads anew what was taken into the log while it read', async () => {
    const { directory, inLog, files } = await createScene();
    const [first = '', second = '', third = ''] = files();
    for (const gone of [[first], [first, second, third], files()]) {
      let isTaken = false;
      const disk = {
        ...localDisk,
        read: (path: string) => {
          if (path === third && !isTaken) {
            isTaken = true;
            for (const file of gone) rmSync(file, { force: true });
          }
          return localDisk.read(path);
        },
      };
      expect(verifyJournal(await scanJournal(disk, directory), inLog(4)), `${gone.length}`).toEqual({
        faults: [],
        unsequenced: 0,
      });
    }
  });

  it('is not misled by a listing that was made while files were taken away', async () => {
    const { directory, inLog, files } = await createScene();
    const names = files().map((file) => basename(file));
    const listings = [names.toSpliced(1, 1), names.slice(2)];
    for (const file of files().slice(0, 2)) rmSync(file);
    const disk = { ...localDisk, list: async () => listings.shift() ?? names.slice(2) };
    expect(verifyJournal(await scanJournal(disk, directory), inLog(2))).toEqual({ faults: [], unsequenced: 2 });
  });

  it('lets faults of the disk through', async () => {
    const { directory, files } = await createScene();
    const absent = Object.assign(new Error('it is not there'), { code: 'ENOENT' });
    const forgetful = { ...localDisk, read: () => Promise.reject(absent) };
    expect(files()).not.toEqual([]);
    await expect(scanJournal(forgetful, directory)).rejects.toThrow('it is not there');
    const failing = { ...localDisk, list: () => Promise.reject(new Error('EACCES')) };
    await expect(scanJournal(failing, '/nowhere')).rejects.toThrow('EACCES');
  });
});
