import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash } from './merkle.ts';
import {
  bundlePath,
  hashesOf,
  parseBundle,
  parseTilePath,
  partialPathsOf,
  rootOfTile,
  type TileName,
  tilesOf,
  toBundle,
  toTilePath,
} from './tile.ts';

describe('the path of a tile', () => {
  it.each<[TileName, string]>([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 2, index: 999, width: 1 }, 'tile/2/999.p/1'],
    [{ level: 0, index: 1_000, width: 255 }, 'tile/0/x001/000.p/255'],
    [{ level: 'entries', index: 1_234_067, width: 256 }, 'tile/entries/x001/x234/067'],
    [{ level: 6, index: 1_234_067, width: 12 }, 'tile/6/x001/x234/067.p/12'],
  ])('of %j is %s', (name, path) => {
    expect(toTilePath(name)).toBe(path);
    expect(parseTilePath(path)).toEqual(name);
  });

  it('is read as it was written', () => {
    const name = fc.record({
      level: fc.oneof(fc.constant<'entries'>('entries'), fc.nat(63)),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(name, (given) => {
        expect(parseTilePath(toTilePath(given))).toEqual(given);
      }),
    );
    expect(bundlePath(1_000, 3)).toBe('tile/entries/x001/000.p/3');
  });

  it('has no other form', () => {
    const piece = fc.constantFrom(
      'tile',
      '/',
      '0',
      '01',
      'x',
      'x001',
      '067',
      '.p/',
      '256',
      '255',
      'entries',
      '-',
      ' ',
      '\n',
    );
    const path = fc.oneof(
      fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(path, (given) => {
        const name = parseTilePath(given);
        if (name !== undefined) expect(toTilePath(name)).toBe(given);
      }),
    );
  });

  it.each([
    '',
    'checkpoint',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/00/000',
    'tile/-1/000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/000.p/999',
    'tile/64/000',
    'tile/0/x009/x007/x199/x254/x740/994',
    'tile/0/000.p/',
    'tile/0/000.p/1/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/Entries/000',
    'tile/100/000',
    'tile/0/x009/x007/x199/x254/x740/993',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});

describe('a bundle', () => {
  it('is read as it was written', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 });
    fc.assert(
      fc.property(entries, (given) => {
        expect(parseBundle(toBundle(given)).map((entry) => [...entry])).toEqual(given.map((entry) => [...entry]));
      }),
    );
  });

  it('has the length of each entry before it', () => {
    expect([...toBundle([Buffer.of(), Buffer.of(7, 8)])]).toEqual([0, 0, 0, 2, 7, 8]);
    const long = toBundle([Buffer.alloc(0xffff)]);
    expect([...long.subarray(0, 2)]).toEqual([0xff, 0xff]);
    expect(parseBundle(long)[0]).toHaveLength(0xffff);
  });

  it('takes no entry that is too long for its length', () => {
    expect(() => toBundle([Buffer.alloc(0x10000)])).toThrow(
      new RangeError('an entry of a bundle has at most 65,535 bytes'),
    );
  });

  it.each([[[0]], [[0, 1]], [[0, 0, 5]], [[0, 2, 1]], [[1, 0, 9]]])('is not %j', (bytes) => {
    expect(() => parseBundle(Buffer.from(bytes))).toThrow('not a bundle');
  });
});

describe('a tile of hashes', () => {
  it('is hashes, one after another', () => {
    const two = Buffer.concat([leafHash(Buffer.of(1)), leafHash(Buffer.of(2))]);
    expect(hashesOf(two)).toEqual([leafHash(Buffer.of(1)), leafHash(Buffer.of(2))]);
    expect(() => hashesOf(two.subarray(1))).toThrow('not a tile');
  });

  it('has the root of the subtree above them', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((byte) => leafHash(Buffer.of(byte))) as [Buffer, Buffer, Buffer, Buffer];
    expect(rootOfTile([a])).toEqual(a);
    expect(rootOfTile([a, b])).toEqual(nodeHash(a, b));
    expect(rootOfTile([a, b, c, d])).toEqual(nodeHash(nodeHash(a, b), nodeHash(c, d)));
    expect(rootOfTile(Array(256).fill(a))).toEqual(
      Array(8)
        .fill(0)
        .reduce((hash) => nodeHash(hash, hash), a),
    );
  });
});

const leafAt = (index: number) => Buffer.from(`leaf ${index}`);
const leavesFrom = (start: number, end: number) => Array.from({ length: end - start }, (_, at) => leafAt(start + at));

/** Every tile and bundle of a tree of `size`, from their definition in tlog-tiles. */
function tilesByDefinition(size: number): ReadonlyMap<string, Buffer> {
  const tiles = new Map<string, Buffer>();
  const leaves = leavesFrom(0, size);
  for (let at = 0; at < size; at += 256) {
    const entries = leaves.slice(at, at + 256);
    tiles.set(toTilePath({ level: 'entries', index: at / 256, width: entries.length }), toBundle(entries));
  }
  let row = leaves.map(leafHash);
  for (let level = 0; row.length > 0; level += 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 256) {
      const hashes = row.slice(at, at + 256);
      tiles.set(toTilePath({ level, index: at / 256, width: hashes.length }), Buffer.concat(hashes));
      if (hashes.length === 256) above.push(rootOfTile(hashes));
    }
    row = above;
  }
  return tiles;
}

const edges = [0, 1, 2, 255, 256, 257, 511, 512, 513, 767, 768, 1_000];
const size = fc.oneof(fc.constantFrom(...edges), fc.nat(1_000));

describe('a log that grows', () => {
  it('gets exactly the tiles that it had not, from those at its edge', () => {
    fc.assert(
      fc.property(size, size, (one, other) => {
        const [oldSize, newSize] = one < other ? [one, other] : [other, one];
        const before = tilesByDefinition(oldSize);
        const paths = partialPathsOf(oldSize);
        const partials = new Map(paths.map((path) => [path, before.get(path) ?? Buffer.of()] as const));
        const tiles = tilesOf({ oldSize, leaves: leavesFrom(oldSize, newSize), partials });
        const expected = [...tilesByDefinition(newSize)].filter(([path]) => !before.has(path));
        const given = new Map(tiles.map(({ path, bytes }) => [path, Buffer.from(bytes)]));
        expect(tiles).toHaveLength(given.size);
        expect([...given.keys()].toSorted()).toEqual(expected.map(([path]) => path).toSorted());
        for (const [path, bytes] of expected) expect(Buffer.compare(given.get(path) ?? Buffer.of(), bytes)).toBe(0);
        for (const { path, isFull } of tiles) expect(isFull).toBe(!path.includes('.p/'));
      }),
    );
  });

  it('gets none where nothing is added', () => {
    for (const oldSize of [0, 1, 256, 300]) {
      expect(tilesOf({ oldSize, leaves: [], partials: tilesByDefinition(oldSize) })).toEqual([]);
    }
  });

  it('has a second row of full tiles at 65,536 entries', () => {
    const leaves = leavesFrom(0, 65_537);
    const paths = tilesOf({ oldSize: 0, leaves, partials: new Map() }).map(({ path }) => path);
    expect(paths.slice(-5)).toEqual(['tile/0/254', 'tile/0/255', 'tile/0/256.p/1', 'tile/1/000', 'tile/2/000.p/1']);
    expect(paths).toHaveLength(257 + 257 + 1 + 1);
  });

  it('names the tiles of its edge', () => {
    expect(partialPathsOf(0)).toEqual([]);
    expect(partialPathsOf(65_536)).toEqual(['tile/2/000.p/1']);
    // The example of tlog-tiles.
    expect(partialPathsOf(70_000)).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    fc.assert(
      fc.property(size, (given) => {
        const partial = [...tilesByDefinition(given).keys()].filter((path) => path.includes('.p/'));
        expect([...partialPathsOf(given)].toSorted()).toEqual(partial.toSorted());
      }),
    );
  });

  it('cannot do so without the tiles at its edge', () => {
    for (const path of partialPathsOf(300)) {
      const partials = new Map([...tilesByDefinition(300)].filter(([own]) => own !== path));
      expect(() => tilesOf({ oldSize: 300, leaves: leavesFrom(300, 600), partials })).toThrow(
        `the log lacks \`${path}\``,
      );
    }
  });
});
