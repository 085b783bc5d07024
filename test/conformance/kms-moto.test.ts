import { randomBytes } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { expect, it } from 'vitest';
import { createKeyWrapping, type KmsWrapping } from '../../src/audit/record/key-wrapping.ts';
import { credentials, describeWithMoto, region } from './moto.suite.ts';

const keyRing = { derive: () => new Uint8Array(32) };
const name = { tenant: 'acme', subject: 'teller', keyId: new Uint8Array(16).fill(1), generation: 1 };
const dataKey = randomBytes(32);

/** Not tried here: moto lets a replica open nothing of its primary, and a key that is disabled everything. */
describeWithMoto('record keys under the KMS of moto', (endpoint) => {
  const wrappingBy = (settings: KmsWrapping) => createKeyWrapping(keyRing, { endpoint: endpoint(), ...settings });

  async function createKey(): Promise<string> {
    const { KeyMetadata } = await new KMS({ region, endpoint: endpoint(), credentials }).createKey({});
    return KeyMetadata?.Arn ?? '';
  }

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
