import { randomBytes } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKeyWrapping, type KmsWrapping } from '../../src/audit/record/key-wrapping.ts';
import { findMoto, type Moto, startMoto } from '../../tools/moto/moto.ts';

const place = await findMoto();
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const keyRing = { derive: () => new Uint8Array(32) };
const name = { tenant: 'acme', subject: 'teller', keyId: new Uint8Array(16).fill(1), generation: 1 };
const dataKey = randomBytes(32);

let moto: Moto | undefined;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  if ('directory' in place) moto = await startMoto(place);
});
afterAll(() => {
  vi.unstubAllEnvs();
  moto?.stop();
});

const endpoint = () => moto?.endpoint ?? '';
const wrappingBy = (settings: KmsWrapping) => createKeyWrapping(keyRing, { endpoint: endpoint(), ...settings });

async function createKey(): Promise<string> {
  const { KeyMetadata } = await new KMS({ region: 'eu-central-1', endpoint: endpoint(), credentials }).createKey({});
  return KeyMetadata?.Arn ?? '';
}

/** Not tried here: moto lets a replica open nothing of its primary, and a key that is disabled everything. */
describe.skipIf('reason' in place)('record keys under the KMS of moto', () => {
  it('come back as they were, under the key of their tenant alone', async () => {
    const [key, bank] = [await createKey(), await createKey()];
    const wrapping = wrappingBy({ key, tenants: { bank } });
    for (const tenant of ['acme', 'bank']) {
      const wrapped = await wrapping.wrap(dataKey, { ...name, tenant });
      const back = await wrapping.unwrap({ ...name, tenant, wrapped });
      expect(Buffer.compare(back, dataKey)).toBe(0);
      const other = wrappingBy({ key: tenant === 'bank' ? key : bank });
      await expect(other.unwrap({ ...name, tenant, wrapped })).rejects.toThrow('cannot be unwrapped');
    }
  });
});
