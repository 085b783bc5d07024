import { decode, encode, Tagged } from 'cborg';
import { describe, expect, it } from 'vitest';
import { createReceiptSigner, parseReceipt, toKeyId } from './receipt.ts';

const leafHash = new Uint8Array(32).fill(7);
const signer = createReceiptSigner({ origin: 'example/log', maximumMergeDelay: 5_000 });
const receipt = await signer.sign(leafHash, 1_764_000_000_000);
const TAGS = { useMaps: true, tags: { 18: Tagged.decoder(18) } };

/** The receipt with a part of it put differently. */
function changed(change: (parts: unknown[]) => void): string {
  const { value } = decode(Buffer.from(receipt, 'base64url'), TAGS);
  change(value);
  return Buffer.from(encode(new Tagged(18, value))).toString('base64url');
}

const partWith = (at: number, value: unknown) => (parts: unknown[]) => {
  parts[at] = value;
};

const payloadWith = (at: number, value: unknown) => (parts: unknown[]) => {
  const items: unknown[] = decode(Buffer.from(parts.at(2) as Uint8Array));
  items[at] = value;
  parts[2] = encode(items);
};

describe('a receipt', () => {
  it('is signed with the same key wherever that is made of the same seed', async () => {
    const options = { origin: 'example/log', maximumMergeDelay: 5_000, seed: new Uint8Array(32).fill(9) };
    const [one, other] = [createReceiptSigner(options), createReceiptSigner(options)];
    expect(one.publicKey).toEqual(other.publicKey);
    expect(one.publicKey).not.toEqual(signer.publicKey);
    expect(await one.sign(leafHash, 1)).toBe(await other.sign(leafHash, 1));
  });

  it('says what was promised, and who did', () => {
    const read = parseReceipt(receipt);
    expect(read).toMatchObject({ origin: 'example/log', leafHash, time: 1_764_000_000_000, maximumMergeDelay: 5_000 });
    expect(Buffer.compare(read.keyId, toKeyId(signer.publicKey))).toBe(0);
    expect(read.isSignedBy(signer.publicKey)).toBe(true);
    expect(read.isSignedBy(createReceiptSigner({ origin: 'x', maximumMergeDelay: 0 }).publicKey)).toBe(false);
    expect(receipt).toMatch(/^[A-Za-z0-9_-]{200,400}$/);
  });

  it('is not genuine with anything of it changed', () => {
    for (const change of [
      payloadWith(2, 'other/log'),
      payloadWith(3, new Uint8Array(32)),
      payloadWith(4, 5),
      payloadWith(5, 60_000),
      partWith(3, new Uint8Array(64)),
    ]) {
      expect(parseReceipt(changed(change)).isSignedBy(signer.publicKey)).toBe(false);
    }
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['another encoding of the same bytes', `${receipt}=`],
    ['no CBOR', 'zzzz'],
    ['no tag', Buffer.from(encode([1])).toString('base64url')],
    ['a part too few', Buffer.from(encode(new Tagged(18, [1, 2, 3]))).toString('base64url')],
    ['a protected header that is no bytes', changed(partWith(0, 1))],
    ['a payload that is no bytes', changed(partWith(2, 1))],
    ['a signature of another length', changed(partWith(3, new Uint8Array(63)))],
    ['a protected header that is no CBOR', changed(partWith(0, Uint8Array.of(0xff)))],
    ['a protected header that is no map', changed(partWith(0, encode(1)))],
    ['another algorithm', changed(partWith(0, encode(new Map([[1, -7]]))))],
    ['a payload that is no CBOR', changed(partWith(2, Uint8Array.of(0xff)))],
    ['a payload of another form', changed(partWith(2, encode([1])))],
    ['another purpose', changed(payloadWith(0, 'checkpoint'))],
    ['another version', changed(payloadWith(1, 2))],
    ['no origin', changed(payloadWith(2, 7))],
    ['a hash of another length', changed(payloadWith(3, new Uint8Array(31)))],
    ['no time', changed(payloadWith(4, 'now'))],
    ['no delay', changed(payloadWith(5, -1))],
  ])('is not read from %s', (_, text) => {
    expect(() => parseReceipt(text)).toThrow('not a receipt');
  });
});
