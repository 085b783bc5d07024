import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../log/contracts.ts';

const LOCKED = { isLocked: true };
const OPEN = { isLocked: false };
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));
const textOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());

async function listed(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of store.list(prefix)) paths.push(path);
  return paths.toSorted();
}

/** What every object store does. `open` gives a new, empty one. */
export function itStoresObjects(open: () => Promise<ObjectStore>): void {
  describe('an object store', () => {
    it('gives back what was created, of any length', async () => {
      const store = await open();
      for (const length of [0, 1, 65_537, 5 * 2 ** 20]) {
        const bytes = new Uint8Array(length).fill(length % 251);
        await store.create(`tile/${length}`, bytes, LOCKED);
        expect(Buffer.compare((await store.read(`tile/${length}`)) ?? Buffer.of(9), bytes)).toBe(0);
      }
      expect(await store.read('tile/2')).toBeUndefined();
    });

    it('creates an object once', async () => {
      const store = await open();
      await store.create('a/b', bytesOf('one'), LOCKED);
      await store.create('a/b', bytesOf('one'), LOCKED);
      await expect(store.create('a/b', bytesOf('two'), LOCKED)).rejects.toMatchObject({
        name: 'LogConflictError',
        path: 'a/b',
      });
      expect(textOf(await store.read('a/b'))).toBe('one');
    });

    it('creates one of several that are created at once', async () => {
      const store = await open();
      const same = await Promise.allSettled([0, 1, 2].map(() => store.create('same', bytesOf('x'), OPEN)));
      expect(same.every(({ status }) => status === 'fulfilled')).toBe(true);
      const given = ['x', 'y', 'z'];
      const different = await Promise.allSettled(given.map((text) => store.create('other', bytesOf(text), OPEN)));
      const won = different.findIndex(({ status }) => status === 'fulfilled');
      expect(different.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(textOf(await store.read('other'))).toBe(given[won]);
    });

    it('lists what begins with a prefix', async () => {
      const store = await open();
      const paths = [
        'checkpoint',
        'tile/0/000',
        'tile/0/001.p/7',
        'tile/entries/000',
        'tiles/x',
        'segments/ab/000/001',
      ];
      for (const path of paths) await store.create(path, bytesOf(path), OPEN);
      expect(await listed(store, '')).toEqual(paths.toSorted());
      expect(await listed(store, 'tile/')).toEqual(['tile/0/000', 'tile/0/001.p/7', 'tile/entries/000']);
      expect(await listed(store, 'tile/0/001.p/')).toEqual(['tile/0/001.p/7']);
      expect(await listed(store, 'none/')).toEqual([]);
    });

    it('lists more than fits one page', async () => {
      const store = await open();
      const paths = Array.from({ length: 1_050 }, (_, at) => `many/${String(at).padStart(4, '0')}`);
      for (let at = 0; at < paths.length; at += 50) {
        await Promise.all(paths.slice(at, at + 50).map((path) => store.create(path, bytesOf('x'), OPEN)));
      }
      expect(await listed(store, 'many/')).toEqual(paths);
    });

    it('removes an object, once and again', async () => {
      const store = await open();
      await store.create('a', bytesOf('one'), OPEN);
      await store.remove('a');
      await store.remove('a');
      expect(await store.read('a')).toBeUndefined();
      await store.create('a', bytesOf('two'), OPEN);
      expect(textOf(await store.read('a'))).toBe('two');
    });

    it('replaces what the caller accepts, and nothing else', async () => {
      const store = await open();
      expect(await store.replace('checkpoint', bytesOf('1'), (current) => current === undefined)).toBe(true);
      expect(await store.replace('checkpoint', bytesOf('2'), (current) => current === undefined)).toBe(false);
      expect(await store.replace('checkpoint', bytesOf('3'), (current) => textOf(current) === '1')).toBe(true);
      expect(textOf(await store.read('checkpoint'))).toBe('3');
    });

    it('keeps the newest of those that replace it at once', async () => {
      const store = await open();
      const sizes = [5, 3, 9, 1, 7];
      await Promise.all(
        sizes.map((size) =>
          store.replace('checkpoint', bytesOf(String(size)), (now) => Number(textOf(now) ?? 0) < size),
        ),
      );
      expect(textOf(await store.read('checkpoint'))).toBe('9');
    });

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      'a/.',
      '.a',
      'A',
      'a\\b',
      'a\0b',
      'a..b',
      'a'.repeat(600),
      'a/ü',
    ])('takes no path such as %j', async (path) => {
      const store = await open();
      await expect(store.create(path, bytesOf('x'), OPEN)).rejects.toThrow(RangeError);
      await expect(store.read(path)).rejects.toThrow(RangeError);
      await expect(store.remove(path)).rejects.toThrow(RangeError);
      await expect(store.replace(path, bytesOf('x'), () => true)).rejects.toThrow(RangeError);
      if (path !== '' && path !== 'a/') await expect(listed(store, path)).rejects.toThrow(RangeError);
      expect(await listed(store, '')).toEqual([]);
    });
  });
}
