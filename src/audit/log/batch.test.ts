import { describe, expect, it } from 'vitest';
import { beginLeaf, endLeaf, leafLength } from '../record/leaf.ts';
import { createBatcher } from './batch.ts';
import { createMemoryObjects, signer } from './log-fixture.suite.ts';
import { EMPTY_HEAD } from './log-head.ts';
import { leafHash } from './merkle.ts';

const hash = new Uint8Array(32);

function entryOf(writer: Uint8Array, counter: number) {
  const own = { type: 'request', time: 5, tenantAlias: new Uint8Array(16), writer, counter, previous: hash } as const;
  const leaf = Buffer.alloc(leafLength(own));
  const target = { bytes: leaf, at: 0 };
  beginLeaf(target, { ...own, headerCommitment: hash, bodyCommitment: hash });
  endLeaf(target, hash);
  return { leaf, sealed: Buffer.from('sealed'), leafHash: leafHash(leaf) };
}

const nameOf = (n: number) => n.toString(16).padStart(16, '0');

describe('a batch', () => {
  it('forgets writers that have been silent longest once there are too many', async () => {
    const nextBatch = createBatcher({ objects: createMemoryObjects(), signer });
    const silent = Array.from({ length: 4_000 }, (_, n) => [nameOf(n), { counter: 1, previous: hash }] as const);
    const writer = Buffer.from(nameOf(0), 'hex');
    const { head } = await nextBatch(
      { ...EMPTY_HEAD, writers: new Map(silent) },
      new Map([
        [nameOf(0), [entryOf(writer, 1)]],
        [nameOf(9_999), [entryOf(Buffer.from(nameOf(9_999), 'hex'), 0)]],
      ]),
    );
    const writers = [...head.writers.keys()];
    expect(writers).toHaveLength(4_000);
    expect(writers.slice(0, 1)).toEqual([nameOf(2)]);
    expect(writers.slice(-2)).toEqual([nameOf(0), nameOf(9_999)]);
    expect(head.writers.get(nameOf(0))?.counter).toBe(2);
  });

  it('forgets none that the journal still has entries of, however long it has been silent', async () => {
    const nextBatch = createBatcher({ objects: createMemoryObjects(), signer });
    const silent = Array.from({ length: 4_000 }, (_, n) => [nameOf(n), { counter: 1, previous: hash }] as const);
    const gathered = new Map([[nameOf(9_999), [entryOf(Buffer.from(nameOf(9_999), 'hex'), 0)]]]);
    const { head } = await nextBatch({ ...EMPTY_HEAD, writers: new Map(silent) }, gathered, [nameOf(0), nameOf(1)]);
    const writers = [...head.writers.keys()];
    expect(writers).toHaveLength(4_000);
    expect(writers.slice(0, 3)).toEqual([nameOf(0), nameOf(1), nameOf(3)]);
  });

  it.each([
    ['another writer', entryOf(Buffer.from(nameOf(7), 'hex'), 0)],
    ['another place', entryOf(Buffer.from(nameOf(1), 'hex'), 3)],
  ])('takes no entry of %s', async (_, entry) => {
    const nextBatch = createBatcher({ objects: createMemoryObjects(), signer });
    const made = nextBatch(EMPTY_HEAD, new Map([[nameOf(1), [entry]]]));
    await expect(made).rejects.toThrow(`entry 0 of writer ${nameOf(1)} does not follow`);
  });
});
