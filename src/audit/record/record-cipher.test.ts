import { describe, expect, it } from 'vitest';
import { createKeyStore, keyRingOf, requestIdOf, requestOf } from '../journal/journal-fixture.suite.ts';
import { createKeyWrapping } from './key-wrapping.ts';
import { beginLeaf, endLeaf, leafLength } from './leaf.ts';
import { openSealed, prepareRecord, sealedLength, writeSealed } from './record-cipher.ts';
import { createRecordKeys, createTenantAliases } from './record-keys.ts';

const keyRing = keyRingOf('a root secret');
const key = await createRecordKeys({
  store: createKeyStore(),
  wrapping: createKeyWrapping(keyRing),
  toAlias: createTenantAliases(keyRing),
  random: (length) => new Uint8Array(length).fill(length),
  capacity: 1,
  clock: { now: () => 0 },
}).load('acme', 'app');

describe('a sealed record', () => {
  it.each(['headerCommitment', 'bodyCommitment'] as const)(
    'does not open under a leaf with another %s',
    (commitment) => {
      // As a writer with the key could make it: the cipher alone would not show it.
      const prepared = prepareRecord(requestOf(requestIdOf(1)), new Uint8Array(64));
      const place = { writer: new Uint8Array(8), counter: 3, previous: new Uint8Array(32) };
      const own = { type: 'request', time: 5, tenantAlias: key.tenantAlias, ...place } as const;
      const leaf = Buffer.alloc(leafLength(own));
      const target = { bytes: leaf, at: 0 };
      beginLeaf(target, { ...own, ...prepared.commitments, [commitment]: new Uint8Array(32) });
      const boundLeaf = leaf.subarray(0, target.at);
      endLeaf(target, new Uint8Array(32));
      const sealed = Buffer.alloc(sealedLength(prepared, key));
      writeSealed({ bytes: sealed, at: 0 }, prepared, { key, ...place, boundLeaf });
      const what = commitment === 'headerCommitment' ? 'header' : 'body';
      expect(() => openSealed(sealed, leaf, key)).toThrow(`not the ${what} committed to`);
    },
  );
});
