import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type KmsServer, startKmsServer } from '../../../tools/kms-server.ts';
import { keyRingOf } from '../journal/journal-fixture.suite.ts';
import { createKeyWrapping, type KmsWrapping } from './key-wrapping.ts';

const arn = (id: string, region = 'eu-central-1') => `arn:aws:kms:${region}:111122223333:key/${id}`;
const KEY = arn('0a1b2c3d');
const BANK = arn('bank');
const name = { tenant: 'acme', subject: 'teller', keyId: new Uint8Array(16).fill(1), generation: 1 };
const dataKey = randomBytes(32);
const keyRing = keyRingOf('one');

let kms: KmsServer;
beforeEach(async () => {
  kms = await startKmsServer();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => kms.close());
afterAll(() => vi.unstubAllEnvs());

const wrappingBy = (settings: Partial<KmsWrapping> = {}) =>
  createKeyWrapping(keyRing, { key: KEY, endpoint: kms.url, ...settings });

async function wrapBy(settings: Partial<KmsWrapping> = {}, named = name) {
  return { ...named, wrapped: await wrappingBy(settings).wrap(dataKey, named) };
}

const isWhole = (bytes: Uint8Array) => Buffer.compare(bytes, dataKey) === 0;

describe('key wrapping by KMS', () => {
  it('gives back the key that was wrapped, and asks for nothing before', async () => {
    const wrapping = wrappingBy();
    await wrapping.prepare();
    expect(kms.requests).toEqual([]);
    const wrapped = await wrapping.wrap(dataKey, name);
    expect(isWhole(await wrapping.unwrap({ ...name, wrapped }))).toBe(true);
    expect(kms.requests.map(({ operation, keyId }) => [operation, keyId])).toEqual([
      ['GenerateDataKey', KEY],
      ['Decrypt', KEY],
    ]);
  });

  it('tells KMS, and so CloudTrail, the tenant and never the principal', async () => {
    await wrapBy();
    const [{ context = {} } = {}] = kms.requests;
    expect(context).toEqual({
      tenant: 'acme',
      subject: expect.stringMatching(/^[0-9a-f]{32}$/),
      keyId: '01'.repeat(16),
    });
    const other = await wrapBy({}, { ...name, subject: 'clerk' });
    expect(kms.requests[1]?.context['subject']).not.toBe(context['subject']);
    expect(Buffer.from(other.wrapped).includes('clerk')).toBe(false);
  });

  it('takes the key of a tenant that has its own, and no other opens it', async () => {
    const tenants = { bank: BANK };
    const ofBank = await wrapBy({ tenants }, { ...name, tenant: 'bank' });
    await wrapBy({ tenants });
    await wrapBy({ tenants }, { ...name, tenant: 'constructor' });
    expect(kms.requests.map(({ keyId }) => keyId)).toEqual([BANK, KEY, KEY]);
    expect(isWhole(await wrappingBy({ tenants }).unwrap(ofBank))).toBe(true);
    await expect(wrappingBy().unwrap(ofBank)).rejects.toThrow('under none of the keys');
  });

  it('opens in one Region what was wrapped in another, with a multi-Region key', async () => {
    const [here, there] = [arn('mrk-1234'), arn('mrk-1234', 'eu-west-1')];
    const wrapped = await wrapBy({ key: here });
    expect(isWhole(await wrappingBy({ key: there }).unwrap(wrapped))).toBe(true);
    expect(kms.requests.map(({ keyId }) => keyId)).toEqual([here, there]);
    const single = await wrapBy({ key: arn('1234') });
    await expect(wrappingBy({ key: arn('1234', 'eu-west-1') }).unwrap(single)).rejects.toThrow(
      'under none of the keys',
    );
  });

  it('opens what is under a former key, and wraps nothing under it', async () => {
    const old = await wrapBy({ key: arn('old') });
    const wrapping = wrappingBy({ formerKeys: [arn('old')] });
    expect(isWhole(await wrapping.unwrap(old))).toBe(true);
    await wrapping.wrap(dataKey, name);
    expect(kms.requests.at(-1)?.keyId).toBe(KEY);
    await expect(wrappingBy().unwrap(old)).rejects.toThrow('under none of the keys');
  });

  it('opens what is under the key ring only where that is said', async () => {
    const local = { ...name, wrapped: await createKeyWrapping(keyRing).wrap(dataKey, name) };
    await expect(wrappingBy().unwrap(local)).rejects.toThrow('under none of the keys');
    const accepting = wrappingBy({ acceptsKeyRing: true });
    expect(isWhole(await accepting.unwrap(local))).toBe(true);
    expect(isWhole(await accepting.unwrap(await wrapBy()))).toBe(true);
    await expect(accepting.unwrap({ ...local, subject: 'clerk' })).rejects.toThrow("another subject's");
    await expect(createKeyWrapping(keyRing).unwrap(await wrapBy())).rejects.toThrow('not wrapped under this key ring');
  });

  it.each([
    ['tenant', { tenant: 'other' }],
    ['subject', { subject: 'other' }],
    ['key id', { keyId: new Uint8Array(16).fill(2) }],
  ])('refuses a key that was wrapped for another %s', async (_, other) => {
    const wrapped = await wrapBy();
    await expect(wrappingBy().unwrap({ ...wrapped, ...other })).rejects.toThrow("another subject's");
  });

  it('rejects where KMS refuses or is out of reach, and goes on when it is not', async () => {
    const wrapping = wrappingBy();
    const wrapped = await wrapBy();
    kms.refuse('AccessDeniedException');
    await expect(wrapping.unwrap(wrapped)).rejects.toThrow('KMS is out of reach or refuses');
    await expect(wrapping.wrap(dataKey, name)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    kms.refuse(undefined);
    await kms.bringDown();
    await expect(wrapping.unwrap(wrapped)).rejects.toThrow('cannot be unwrapped');
    await kms.bringUp();
    expect(isWhole(await wrapping.unwrap(wrapped))).toBe(true);
  });
});
