import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../core/index.ts';
import { releaseOf, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { actOf } from './export-scene.suite.ts';
import { createOpenExchanges, isOfExchange, toExchange } from './open-exchanges.ts';
import type { OpenedEntry } from './opened-entry.ts';

const BYTES = 10;

function entryOf(index: number, record: JournalRecord, writer = 'a'): OpenedEntry {
  const text = new Uint8Array(BYTES / 2);
  const content = { header: text, body: text, salts: new Uint8Array(64) };
  const hash = new Uint8Array(32).fill(index);
  return { index, record, content, writer, leaf: hash, leafHash: hash, owner: { tenant: 'acme', principal: 'app' } };
}

/** Exchanges of which those entries can be read again, and which were. */
function create(entries: readonly OpenedEntry[], maxBytes = 1_000) {
  const again: number[] = [];
  const open = createOpenExchanges({
    maxBytes,
    again: async (index) => {
      again.push(index);
      return entries.find((entry) => entry.index === index) ?? Promise.reject(new Error('gone'));
    },
  });
  return { open, again };
}

const [one, two, three] = [requestIdOf(1), requestIdOf(2), requestIdOf(3)];
const places = (entries: readonly OpenedEntry[] | undefined) => entries?.map(({ index }) => index);

async function run(entries: readonly OpenedEntry[], maxBytes?: number) {
  const { open, again } = create(entries, maxBytes);
  const whole: unknown[] = [];
  for (const entry of entries) whole.push(places(await open.take(entry)));
  const rest: unknown[] = [];
  for await (const left of open.rest()) rest.push(places(left));
  return { whole: whole.filter((places) => places !== undefined), rest, again };
}

describe('open exchanges', () => {
  const interleaved = [
    entryOf(0, requestOf(one)),
    entryOf(1, requestOf(two)),
    entryOf(2, releaseOf(one, 0)),
    entryOf(3, responseOf(two)),
    entryOf(4, requestOf(three)),
    entryOf(5, responseOf(one)),
  ];

  it('gives each exchange with its response, all entries in order, and at the end what has none', async () => {
    expect(await run(interleaved)).toEqual({
      whole: [
        [1, 3],
        [0, 2, 5],
      ],
      rest: [[4]],
      again: [],
    });
  });

  it('lets go of the first taken where it holds too much, and reads that again', async () => {
    expect(await run(interleaved, 2 * BYTES)).toEqual({
      whole: [
        [1, 3],
        [0, 2, 5],
      ],
      rest: [[4]],
      again: [0, 2],
    });
    const none = await run(interleaved, 0);
    expect(none).toEqual({
      whole: [
        [1, 3],
        [0, 2, 5],
      ],
      rest: [[4]],
      again: [1, 3, 0, 2, 5, 4],
    });
  });

  it('holds as much as it may after exchanges have been closed', async () => {
    const many = Array.from({ length: 50 }, (_, n) => [
      entryOf(2 * n, requestOf(requestIdOf(n))),
      entryOf(2 * n + 1, responseOf(requestIdOf(n))),
    ]).flat();
    expect((await run(many, 2 * BYTES)).again).toEqual([]);
    // Nor does one that is long open pay for those that have been closed meanwhile.
    const long = [entryOf(1_000, requestOf(requestIdOf(99))), ...many, entryOf(1_001, responseOf(requestIdOf(99)))];
    expect((await run(long, 3 * BYTES)).again).toEqual([]);
  });

  it('waits to the end for what another writer may yet have of an exchange', async () => {
    const recovered = [
      entryOf(0, responseOf(one), 'b'),
      entryOf(1, requestOf(one)),
      entryOf(2, releaseOf(one, 0)),
      entryOf(3, requestOf(two)),
      entryOf(4, responseOf(two), 'b'),
      entryOf(5, releaseOf(two, 0)),
    ];
    expect(await run(recovered)).toMatchObject({
      whole: [],
      rest: [
        [0, 1, 2],
        [3, 4, 5],
      ],
    });
  });

  it('rejects where an entry that it let go of is gone', async () => {
    const { open } = create([], 0);
    await open.take(entryOf(0, requestOf(one)));
    await expect(open.take(entryOf(1, responseOf(one)))).rejects.toThrow('gone');
  });
});

describe('an exchange', () => {
  it('is made of its entries, in whatever order they stand', () => {
    const entries = [entryOf(0, responseOf(one)), entryOf(1, requestOf(one)), entryOf(2, releaseOf(one, 0))];
    expect(toExchange(entries)).toMatchObject({
      request: { kind: 'request' },
      releases: [{ kind: 'release' }],
      response: { kind: 'response' },
      requestEntry: { index: 1 },
      responseEntry: { index: 0 },
    });
    expect(toExchange(entries.slice(1))).toMatchObject({ response: undefined, responseEntry: undefined });
  });

  it('is none without its request', () => {
    expect(toExchange([entryOf(0, responseOf(one))])).toBeUndefined();
  });

  it('is not what an act is part of', () => {
    const kinds = [requestOf(one), releaseOf(one, 0), responseOf(one), actOf()];
    expect(kinds.map((record) => isOfExchange(entryOf(0, record)))).toEqual([true, true, true, false]);
  });
});
