import { createDecipheriv, createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { decode, encode, Tagged } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActRecord, JournalRecord } from '../../core/index.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { parseLeaf } from '../record/leaf.ts';
import { openSealed } from '../record/record-cipher.ts';
import { createRecordKeys, createTenantAliases } from '../record/record-keys.ts';
import { parseDisclosure, parseSealed } from '../record/sealed-record.ts';
import { parseEntry, sealEntry } from './entry.ts';
import { readFrame } from './frame.ts';
import { createKeyStore, keyRingOf, releaseOf, requestIdOf, requestOf, responseOf } from './journal-fixture.suite.ts';

const id = requestIdOf(1);
const keyRing = keyRingOf('a root secret');
const keys = createRecordKeys({
  store: createKeyStore(),
  wrapping: createKeyWrapping(keyRing),
  toAlias: createTenantAliases(keyRing),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  capacity: 10,
  clock: { now: () => 0 },
});
const key = await keys.load('acme', 'app');
const place = { writer: new Uint8Array(8).fill(1), counter: 77, previous: new Uint8Array(32).fill(2) };
const salts = Uint8Array.from({ length: 64 }, (_, at) => at);
const TAGS = { useMaps: true, tags: { 16: Tagged.decoder(16) } };

function seal(record: JournalRecord, given: Partial<Parameters<typeof sealEntry>[1]> = {}) {
  const { frame, leafHash } = sealEntry(record, { key, place, salts, ...given });
  const read = readFrame(frame, 0);
  if (read.kind !== 'entry') throw new Error(read.kind);
  expect(Buffer.compare(read.digest, leafHash)).toBe(0);
  expect(read.end).toBe(frame.length);
  return { ...parseEntry(read.payload), leafHash, frame };
}

const act: ActRecord = {
  kind: 'erasure',
  requestId: id,
  time: 5,
  operator: 'olga',
  act: 'erase subject',
  details: { keys: 1 },
  disclosed: { erasedKeys: ['00ff'] },
};

describe('an entry', () => {
  it('opens to what was sealed, lone surrogates included, short or long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.nat(3), (text, times) => {
        const record = requestOf(id, text.repeat(times));
        const { sealed, leaf } = seal(record);
        expect(openSealed(sealed, leaf, key).record).toEqual(record);
      }),
    );
    for (const record of [releaseOf(id, 0, 'half a character: \ud83d'), responseOf(id), act]) {
      const { sealed, leaf, type } = seal(record);
      expect(type).toBe(record.kind);
      expect(openSealed(sealed, leaf, key).record).toEqual(record);
    }
  });

  it('says whose request it answers', () => {
    const { sealed, leaf } = seal({ ...responseOf(id), parent: 'ab' });
    expect(openSealed(sealed, leaf, key).record).toMatchObject({ parent: 'ab' });
  });

  it('can be opened by RFC 9052 and checked against its leaf with nothing of this product', () => {
    for (const text of ['canary text', 'canary text '.repeat(400)]) {
      const record = requestOf(id, text);
      const { sealed, leaf, leafHash } = seal(record);
      const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
      const items: Uint8Array[] = decode(leaf);
      expect(sha256(Buffer.of(0), leaf).equals(leafHash)).toBe(true);
      expect(sha256(sealed).equals(items.at(9) ?? Buffer.of())).toBe(true);
      const [idBytes, tagged] = decode(sealed, TAGS);
      const [protectedHeader, unprotected, ciphertext] = tagged.value;
      const bound = leaf.subarray(0, -34);
      const external = encode([
        'sallyport record',
        'acme',
        'app',
        bound,
        idBytes,
        unprotected.get(4),
        new Uint8Array(0),
      ]);
      const decipher = createDecipheriv('aes-256-gcm', key.forWriter(place.writer), unprotected.get(5));
      decipher.setAAD(encode(['Encrypt0', protectedHeader, external]));
      decipher.setAuthTag(ciphertext.subarray(-16));
      const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
      const stored = plaintext.subarray(69, 69 + plaintext.readUInt32BE(1));
      expect(plaintext[0]).toBe(text.length > 1000 ? 1 : 0);
      const whole = plaintext[0] === 1 ? brotliDecompressSync(stored) : stored;
      const header = whole.subarray(4, 4 + whole.readUInt32BE(0));
      const body = whole.subarray(4 + whole.readUInt32BE(0));
      expect({ ...JSON.parse(header.toString()), ...JSON.parse(body.toString()) }).toEqual(record);
      expect(header.toString()).not.toContain('canary');
      expect(sha256(salts.subarray(0, 32), header).equals(items.at(7) ?? Buffer.of())).toBe(true);
      expect(sha256(salts.subarray(32), body).equals(items.at(8) ?? Buffer.of())).toBe(true);
      expect(plaintext.length).toBeGreaterThanOrEqual(512);
    }
  });

  it('tells without a key what its record discloses, and nothing else', () => {
    const { sealed, frame } = seal(act);
    const { disclosed } = parseSealed(sealed);
    expect(parseDisclosure(disclosed ?? Buffer.of())).toEqual({ erasedKeys: ['00ff'] });
    expect(frame.includes('olga')).toBe(false);
    expect(parseSealed(seal(requestOf(id)).sealed).disclosed).toBeUndefined();
  });

  it('does not open with any byte of it changed', () => {
    for (const record of [requestOf(id), act]) {
      const { sealed, leaf } = seal(record);
      for (const [bytes, open] of [
        [sealed, (changed: Uint8Array) => openSealed(changed, leaf, key)],
        [leaf, (changed: Uint8Array) => openSealed(sealed, changed, key)],
      ] as const) {
        // The leaf's last item is the hash of what is sealed, which whoever reads the frame has compared.
        const end = bytes === leaf ? leaf.length - 32 : sealed.length;
        for (let at = 0; at < end; at += 1) {
          const changed = Uint8Array.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ 1;
          expect(() => open(changed), `byte ${at}`).toThrow();
        }
      }
    }
  });

  it('does not open for another tenant, subject, key, writer or place', async () => {
    const { sealed, leaf } = seal(requestOf(id));
    const web = await keys.load('acme', 'web');
    expect(() => openSealed(sealed, leaf, { ...key, tenant: 'other' })).toThrow();
    expect(() => openSealed(sealed, leaf, { ...key, subject: 'other' })).toThrow();
    expect(() => openSealed(sealed, leaf, web)).toThrow('not its place');
    expect(() => openSealed(sealed, leaf, { ...web, keyId: key.keyId, subject: 'app' })).toThrow();
    const elsewhere = seal(requestOf(id), { place: { ...place, counter: 78 } });
    expect(() => openSealed(sealed, elsewhere.leaf, key)).toThrow('not its place');
  });

  it('does not open where its leaf commits to another header or body', () => {
    const one = requestOf(id, 'one');
    const { sealed, leaf } = seal(one);
    expect(parseLeaf(leaf).counter).toBe(77);
    for (const at of [leaf.length - 34 - 33, leaf.length - 34 - 1]) {
      const changed = Uint8Array.from(leaf);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openSealed(sealed, changed, key)).toThrow();
    }
  });

  it('is refused where a part of its head is not as long as it must be', () => {
    for (const length of [7, 9]) {
      const wrong = { ...place, writer: new Uint8Array(length) };
      expect(() => sealEntry(requestOf(id), { key, place: wrong, salts })).toThrow(RangeError);
    }
  });

  it('never uses a nonce twice under one key', () => {
    const nonces = Array.from({ length: 300 }, (_, counter) => {
      const { sealed } = seal(releaseOf(id, counter), { place: { ...place, counter } });
      return Buffer.from(parseSealed(sealed).iv).toString('hex');
    });
    expect(new Set(nonces).size).toBe(300);
  });

  it.each<[string, unknown]>([
    ['no array', {}],
    ['an array of one', [new Uint8Array(16)]],
    ['an id that is no bytes', ['x', new Tagged(16, [])]],
    ['an id that is no UUIDv7', [new Uint8Array(16), new Tagged(16, [0, new Map(), 0])]],
    ['a message without its tag', [Buffer.from(id.replaceAll('-', ''), 'hex'), []]],
    ['a message of another kind', [Buffer.from(id.replaceAll('-', ''), 'hex'), new Tagged(16, 'x')]],
    ['headers that are no map', [Buffer.from(id.replaceAll('-', ''), 'hex'), new Tagged(16, [0, 0, 0])]],
    ['no nonce', withHeaders([[4, new Uint8Array(16)]], new Uint8Array(16))],
    [
      'a key id of another length',
      withHeaders(
        [
          [4, new Uint8Array(15)],
          [5, new Uint8Array(12)],
        ],
        new Uint8Array(16),
      ),
    ],
    [
      'no ciphertext',
      withHeaders(
        [
          [4, new Uint8Array(16)],
          [5, new Uint8Array(12)],
        ],
        0,
      ),
    ],
    [
      'a disclosure that is no bytes',
      [
        ...withHeaders(
          [
            [4, new Uint8Array(16)],
            [5, new Uint8Array(12)],
          ],
          new Uint8Array(16),
        ),
        1,
      ],
    ],
  ])('is no entry with %s for its record', (_, item) => {
    expect(() => parseSealed(encode(item))).toThrow();
  });

  it('does not open where the ciphertext is shorter than its tag', () => {
    const { leaf, iv } = { ...seal(requestOf(id)), iv: Buffer.from('00000000000000000000004d', 'hex') };
    const short = withHeaders(
      [
        [4, key.keyId],
        [5, iv],
      ],
      new Uint8Array(15),
    );
    expect(() => openSealed(encode(short), leaf, key)).toThrow('not a sealed record');
  });
});

function withHeaders(headers: readonly (readonly [number, Uint8Array])[], ciphertext: unknown): unknown[] {
  return [
    Buffer.from(id.replaceAll('-', ''), 'hex'),
    new Tagged(16, [new Uint8Array(0), new Map(headers), ciphertext]),
  ];
}
