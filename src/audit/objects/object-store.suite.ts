import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../log/contracts.ts';

const LOCKED = { isLocked: true };
const OPEN = { isLocked: false };
const MEBIBYTE = 2 ** 20;
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));
const textOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());

async function listed(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of store.list(prefix)) paths.push(path);
  return paths;
}

/** What every object store does. `open` gives two handles on the same new, empty storage. */
export function itStoresObjects(open: () => Promise<readonly [ObjectStore, ObjectStore]>): void {
  describe('an object store', () => {
    it('gives back what was created, of any length', async () => {
      const [store, other] = await open();
      for (const length of [0, 1, 65_537, 5 * MEBIBYTE]) {
        const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 251);
        await store.create(`tile/${length}`, bytes, LOCKED);
        expect(Buffer.compare((await other.read(`tile/${length}`)) ?? Buffer.of(9), bytes)).toBe(0);
      }
      expect(await store.read('tile/2')).toBeUndefined();
      expect(await store.read('tile')).toBeUndefined();
      expect(await store.read('tile/1/x')).toBeUndefined();
    });

    it('takes bytes out of the middle of a buffer', async () => {
      const [store] = await open();
      await store.create('a', Buffer.from('one two three').subarray(4, 7), OPEN);
      expect(textOf(await store.read('a'))).toBe('two');
    });

    it('creates an object once', async () => {
      const [store, other] = await open();
      await store.create('a/b', bytesOf('one'), LOCKED);
      await store.create('a/b', bytesOf('one'), LOCKED);
      await other.create('a/b', bytesOf('one'), OPEN);
      for (const text of ['two', 'on', 'one!', '']) {
        await expect(other.create('a/b', bytesOf(text), LOCKED)).rejects.toMatchObject({
          name: 'LogConflictError',
          path: 'a/b',
        });
      }
      expect(textOf(await store.read('a/b'))).toBe('one');
    });

    it('creates one of several that are created at once', async () => {
      const stores = await open();
      const all = [...stores, ...stores, ...stores];
      const same = await Promise.allSettled(all.map((store) => store.create('same', bytesOf('x'), OPEN)));
      expect(same.map(({ status }) => status)).toEqual(all.map(() => 'fulfilled'));
      const different = await Promise.allSettled(
        all.map((store, at) => store.create('deep/other', bytesOf(String(at)), OPEN)),
      );
      const won = different.flatMap(({ status }, at) => (status === 'fulfilled' ? [String(at)] : []));
      expect(won).toEqual([textOf(await stores[0].read('deep/other'))]);
      for (const result of different) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'LogConflictError' });
      }
    });

    it('never shows a part of an object', async () => {
      const [store, other] = await open();
      const whole = (fill: number) => new Uint8Array(MEBIBYTE).fill(fill);
      const seen = new Set<string>();
      let isDone = false;
      async function watch(path: string): Promise<void> {
        while (!isDone) {
          const bytes = await other.read(path);
          const isWhole =
            bytes === undefined || (bytes.length === MEBIBYTE && bytes.every((byte) => byte === bytes[0]));
          seen.add(isWhole ? 'whole' : `a part of ${path}`);
          for (const name of await listed(other, '')) seen.add(name);
        }
      }
      const watching = [watch('changing'), watch('made/3')];
      for (let fill = 1; fill <= 6; fill += 1) {
        await store.replace('changing', whole(fill), () => true);
        await store.create(`made/${fill}`, whole(fill), LOCKED);
      }
      isDone = true;
      await Promise.all(watching);
      const names = ['changing', ...[1, 2, 3, 4, 5, 6].map((fill) => `made/${fill}`), 'whole'];
      expect([...seen].filter((name) => !names.includes(name))).toEqual([]);
      expect(seen.has('whole')).toBe(true);
    });

    it('lists what begins with a prefix, ascending', async () => {
      const [store, other] = await open();
      const paths = [
        'checkpoint',
        'segments/ab/000/001/002/003/004',
        'tile-x',
        'tile/0/000',
        'tile/0/001.p/7',
        'tile/entries/x001/000',
        'tiles/x',
      ];
      expect(await listed(store, '')).toEqual([]);
      for (const path of paths.toReversed()) await store.create(path, bytesOf(path), OPEN);
      expect(await listed(other, '')).toEqual(paths);
      expect(await listed(store, 'tile/')).toEqual(['tile/0/000', 'tile/0/001.p/7', 'tile/entries/x001/000']);
      expect(await listed(store, 'tile/0/001.p/')).toEqual(['tile/0/001.p/7']);
      expect(await listed(store, 'none/')).toEqual([]);
      expect(await listed(store, 'tile/0/000/')).toEqual([]);
    });

    it('lists more than fits one page', async () => {
      const [store] = await open();
      const paths = Array.from({ length: 1_050 }, (_, at) => `many/${String(at).padStart(4, '0')}`);
      for (let at = 0; at < paths.length; at += 50) {
        await Promise.all(paths.slice(at, at + 50).map((path) => store.create(path, bytesOf('x'), OPEN)));
      }
      expect(await listed(store, 'many/')).toEqual(paths);
    });

    it('removes an object, once and again, and no other', async () => {
      const [store, other] = await open();
      for (const path of ['a', 'ab', 'b/a']) await store.create(path, bytesOf('one'), OPEN);
      await store.remove('a');
      await other.remove('a');
      await store.remove('none/at/all');
      expect(await store.read('a')).toBeUndefined();
      expect(await listed(store, '')).toEqual(['ab', 'b/a']);
      await store.create('a', bytesOf('two'), OPEN);
      expect(textOf(await other.read('a'))).toBe('two');
    });

    it('removes an object that was replaced, with all it was before', async () => {
      const [store] = await open();
      for (const text of ['1', '2', '3']) await store.replace('checkpoint', bytesOf(text), () => true);
      await store.remove('checkpoint');
      expect(await store.read('checkpoint')).toBeUndefined();
      expect(await listed(store, '')).toEqual([]);
    });

    it('replaces what the caller accepts, and nothing else', async () => {
      const [store, other] = await open();
      expect(await store.replace('checkpoint', bytesOf('0'), () => false)).toBe(false);
      expect(await store.read('checkpoint')).toBeUndefined();
      expect(await store.replace('checkpoint', bytesOf('1'), (current) => current === undefined)).toBe(true);
      expect(await other.replace('checkpoint', bytesOf('2'), (current) => current === undefined)).toBe(false);
      expect(textOf(await other.read('checkpoint'))).toBe('1');
      expect(await other.replace('checkpoint', bytesOf('3'), (current) => textOf(current) === '1')).toBe(true);
      expect(textOf(await store.read('checkpoint'))).toBe('3');
    });

    it('keeps the newest of those that replace it at once', async () => {
      const [store] = await open();
      const sizes = [5, 3, 9, 1, 7];
      const taken = await Promise.all(
        sizes.map((size) =>
          store.replace('checkpoint', bytesOf(String(size)), (now) => Number(textOf(now) ?? 0) < size),
        ),
      );
      expect(taken[2]).toBe(true);
      expect(textOf(await store.read('checkpoint'))).toBe('9');
    });

    it('loses none of those that replace it at once', async () => {
      const [store] = await open();
      await Promise.all(
        [1, 2, 3, 4, 5].map(async (number) => {
          for (;;) {
            const before = textOf(await store.read('count'));
            const next = bytesOf(`${before ?? ''}${number}`);
            if (await store.replace('count', next, (now) => textOf(now) === before)) return;
          }
        }),
      );
      expect([...(textOf(await store.read('count')) ?? '')].toSorted()).toEqual(['1', '2', '3', '4', '5']);
    });

    it('goes on after a caller that throws while it is asked', async () => {
      const [store] = await open();
      const refuse = () => {
        throw new Error('no such checkpoint');
      };
      await expect(store.replace('checkpoint', bytesOf('1'), refuse)).rejects.toThrow('no such checkpoint');
      expect(await store.replace('checkpoint', bytesOf('2'), (current) => current === undefined)).toBe(true);
    });

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      'a/..',
      'a/./b',
      'a/.',
      '.a',
      'A',
      'a/B',
      'a\\b',
      'a\0b',
      'a\n',
      'a b',
      'a%2e',
      'a..b',
      'a'.repeat(600),
      'a/ü',
    ])('takes no path such as %j', async (path) => {
      const [store] = await open();
      await expect(store.create(path, bytesOf('x'), OPEN)).rejects.toThrow(RangeError);
      await expect(store.read(path)).rejects.toThrow(RangeError);
      await expect(store.remove(path)).rejects.toThrow(RangeError);
      let isAsked = false;
      const accepts = () => {
        isAsked = true;
        return true;
      };
      await expect(store.replace(path, bytesOf('x'), accepts)).rejects.toThrow(RangeError);
      expect(isAsked).toBe(false);
      if (path !== '') await expect(listed(store, `${path}/`)).rejects.toThrow(RangeError);
      expect(await listed(store, '')).toEqual([]);
    });

    it('takes no prefix that ends within a name', async () => {
      const [store] = await open();
      await store.create('tile/0', bytesOf('x'), OPEN);
      for (const prefix of ['tile', 'tile/0', '/', 'tile//']) {
        await expect(listed(store, prefix)).rejects.toThrow(RangeError);
      }
    });
  });
}
