import { expect, it } from 'vitest';
import type { JournalDisk } from './disk.ts';
import { localDisk } from './disk-store.ts';
import { forEachSeries } from './series.ts';

const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
const FILE = `${'0'.repeat(16)}-00000000.journal`;

function diskOf(...listings: readonly (readonly string[])[]): JournalDisk {
  const left = [...listings];
  return { ...localDisk, list: async () => left.shift() ?? [] };
}

it('a series whose last file was taken into the log while it was read is passed over', async () => {
  const read: string[] = [];
  await forEachSeries(diskOf([FILE]), '/journal', async (series) => {
    read.push(series.join());
    throw missing;
  });
  expect(read).toEqual([FILE]);
});

it('a series that is listed and not there is a fault', async () => {
  const gone = () => Promise.reject(missing);
  await expect(forEachSeries(diskOf([FILE], [FILE]), '/journal', gone)).rejects.toBe(missing);
});
