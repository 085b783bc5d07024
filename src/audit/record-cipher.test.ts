import { createDecipheriv } from 'node:crypto';
import { decode, encode, Tagged } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntryHead, parseEntry } from './entry.ts';
import { readFrame } from './frame.ts';
import { createKeyStore, keyRingOf, releaseOf, requestIdOf, requestOf } from './journal-fixture.suite.ts';
import { createKeyWrapping } from './key-wrapping.ts';
import { openRecord, sealEntry } from './record-cipher.ts';
import { createRecordKeys } from './record-keys.ts';

const id = requestIdOf(1);
const keys = createRecordKeys({
  store: createKeyStore(),
  wrapping: createKeyWrapping(keyRingOf('a root secret')),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  capacity: 10,
});
const key = await keys.load('acme', 'app');
const head: EntryHead = {
  writer: new Uint8Array(8).fill(1),
  counter: 77,
  previous: new Uint8Array(32).fill(2),
  time: 5,
  requestId: id,
  type: 'request',
  keyId: key.keyId,
};

/** The message in the entry that is written for a record. */
function sealRecord(...given: Parameters<typeof sealEntry>): Uint8Array {
  const { frame, digest } = sealEntry(...given);
  const read = readFrame(frame, 0);
  if (read.kind !== 'entry') throw new Error(read.kind);
  expect(Buffer.compare(read.digest, digest)).toBe(0);
  expect(read.end).toBe(frame.length);
  return parseEntry(read.payload).ciphertext;
}

const sealed = sealRecord(requestOf(id, 'canary text'), head, key);

describe('a sealed record', () => {
  it('opens to what was sealed, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const record = requestOf(id, text);
        expect(openRecord(sealRecord(record, head, key), head, key)).toEqual(record);
      }),
    );
    const broken = releaseOf(id, 0, 'half a character: \ud83d');
    expect(openRecord(sealRecord(broken, head, key), head, key)).toEqual(broken);
  });

  it('is COSE_Encrypt0 that anyone with the key can open by RFC 9052', () => {
    expect(Buffer.from(sealed).subarray(0, 9).toString('hex')).toBe('d08346a20103031832');
    const message = decode(sealed, { useMaps: true, tags: { 16: Tagged.decoder(16) } });
    const [protectedHeader, unprotected, ciphertext] = message.value;
    expect(Buffer.compare(unprotected.get(4), key.keyId)).toBe(0);
    const external = encode([
      'sallyport journal',
      'acme',
      'app',
      1,
      head.writer,
      77,
      head.previous,
      5,
      Buffer.from(id.replaceAll('-', ''), 'hex'),
      0,
      key.keyId,
    ]);
    const decipher = createDecipheriv('aes-256-gcm', key.forWriter(head.writer), unprotected.get(5));
    decipher.setAAD(encode(['Encrypt0', protectedHeader, external]));
    decipher.setAuthTag(ciphertext.subarray(-16));
    const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
    expect(JSON.parse(plaintext.toString())).toEqual(requestOf(id, 'canary text'));
    expect(plaintext.length).toBe(512);
  });

  it.each<[string, Partial<EntryHead>]>([
    ['writer', { writer: new Uint8Array(8) }],
    ['counter', { counter: 78 }],
    ['predecessor', { previous: new Uint8Array(32) }],
    ['time', { time: 6 }],
    ['request', { requestId: requestIdOf(2) }],
    ['type', { type: 'response' }],
    ['key id', { keyId: new Uint8Array(16) }],
  ])('does not open under the head of another %s', (_, other) => {
    expect(() => openRecord(sealed, { ...head, ...other }, key)).toThrow();
  });

  it('does not open for another tenant or subject, even with its key', () => {
    expect(() => openRecord(sealed, head, { ...key, tenant: 'other' })).toThrow();
    expect(() => openRecord(sealed, head, { ...key, subject: 'other' })).toThrow();
  });

  it("does not open under another subject's key", async () => {
    const other = await keys.load('acme', 'web');
    expect(() => openRecord(sealed, head, { ...other, subject: 'app' })).toThrow();
  });

  it('does not open with a byte changed', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openRecord(changed, head, key)).toThrow();
    }
  });

  it.each([
    ['no message', {}],
    ['a message of another kind', new Tagged(16, 'x')],
    ['a message without a ciphertext', new Tagged(16, [new Uint8Array(0), new Map(), null])],
    ['a ciphertext shorter than its tag', new Tagged(16, [new Uint8Array(0), new Map(), new Uint8Array(15)])],
  ])('is refused where it is %s', (_, message) => {
    expect(() => openRecord(encode(message), head, key)).toThrow('not a COSE_Encrypt0 message');
  });

  it('is the bytes that another encoder of deterministic CBOR gives', () => {
    const tags = { 16: Tagged.decoder(16) };
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom(300, 70_000).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(
        texts,
        fc.maxSafeNat().map((counter) => counter % 2 ** 48),
        (text, counter) => {
          const message = sealRecord(requestOf(id, text), { ...head, counter }, key);
          expect(Buffer.compare(message, encode(decode(message, { useMaps: true, tags })))).toBe(0);
        },
      ),
    );
  });

  it('is refused where a part of its head is not as long as it must be', () => {
    for (const length of [15, 17]) {
      const wrong = { ...head, keyId: new Uint8Array(length) };
      expect(() => sealEntry(requestOf(id), wrong, key)).toThrow(RangeError);
    }
  });

  it('never uses a nonce twice under one key', () => {
    const nonces = Array.from({ length: 300 }, (_, counter) => {
      const message = decode(sealRecord(releaseOf(id, counter), { ...head, counter }, key), {
        useMaps: true,
        tags: { 16: Tagged.decoder(16) },
      });
      return Buffer.from(message.value[1].get(5)).toString('hex');
    });
    expect(new Set(nonces).size).toBe(300);
  });
});
