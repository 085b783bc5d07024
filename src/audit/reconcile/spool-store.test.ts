import { existsSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSpool } from './spool-store.ts';

const rooms = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sallyport-reconcile-'));

describe('a spool', () => {
  it('gives each part what was added to it, in files that nobody else reads and that go away', async () => {
    const before = new Set(rooms());
    const text = 'x'.repeat(30_000);
    const directory = await (async () => {
      await using spool = await createSpool<{ readonly n: number; readonly text: string }>();
      for (let n = 0; n < 8; n += 1) await spool.add(n % 2, { n, text });
      const [name = ''] = rooms().filter((room) => !before.has(room));
      expect(statSync(join(tmpdir(), name)).mode & 0o077).toBe(0);
      expect(readdirSync(join(tmpdir(), name)).toSorted()).toEqual(['0.jsonl', '1.jsonl']);
      expect((await spool.read(0)).map(({ n }) => n)).toEqual([0, 2, 4, 6]);
      expect((await spool.read(1)).map(({ n }) => n)).toEqual([1, 3, 5, 7]);
      expect(await spool.read(2)).toEqual([]);
      return join(tmpdir(), name);
    })();
    expect(existsSync(directory)).toBe(false);
  });
});
