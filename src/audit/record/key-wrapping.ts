import type { KeyRing, WrappedKey } from '../../core/index.ts';

/** Wraps record keys under the key ring, in the AWS Encryption SDK's message format, version 2. */
export interface KeyWrapping {
  /** Loads what the rest needs, so that the first record does not wait for it. */
  prepare(): Promise<void>;
  wrap(dataKey: Uint8Array, name: WrappedKeyName): Promise<Uint8Array>;
  /** Rejects where the key ring is not the one that wrapped it, or the message was made for another name. */
  unwrap(key: WrappedKey): Promise<Uint8Array>;
}

type WrappedKeyName = Omit<WrappedKey, 'wrapped'>;

/**
 * The wrapping key is `audit/wrapping` of the key ring, and `audit/wrapping/<generation>` from the second on. The suite is 0x0478, which commits to the data key: without
 * commitment one message could be made to unwrap to two keys. It carries no signature, because who can sign with the
 * key ring can also wrap with it.
 */
export function createKeyWrapping(keyRing: KeyRing): KeyWrapping {
  const loaded = new Map<number, ReturnType<typeof load>>();
  // Loaded at its first use: most commands wrap nothing.
  const client = (generation: number) => {
    const known = loaded.get(generation) ?? load(keyRing, nameOf(generation));
    loaded.set(generation, known);
    return known;
  };
  return {
    async prepare() {
      await client(1);
    },
    async wrap(dataKey, name) {
      const { encrypt, keyring, suiteId } = await client(name.generation);
      const { result } = await encrypt(keyring, dataKey, { suiteId, encryptionContext: toContext(name) });
      return result;
    },
    async unwrap(key) {
      const { decrypt, keyring } = await client(key.generation);
      const { plaintext, messageHeader } = await decrypt(keyring, key.wrapped).catch((cause: unknown) => {
        throw new Error('a record key cannot be unwrapped: it was not wrapped under this key ring', { cause });
      });
      // The SDK proves that the context is the one of wrapping, not that it is the one we look for.
      for (const [name, value] of Object.entries(toContext(key))) {
        if (messageHeader.encryptionContext[name] !== value) throw new Error("a record key is another subject's");
      }
      return plaintext;
    },
  };
}

/** The key ring's name of a wrapping key. */
function nameOf(generation: number): string {
  return generation === 1 ? 'audit/wrapping' : `audit/wrapping/${generation}`;
}

function toContext({ tenant, subject, keyId }: WrappedKeyName): Record<string, string> {
  return { tenant, subject, keyId: Buffer.from(keyId).toString('hex') };
}

/** Loads the parts of the SDK that this takes; the whole of it brings the KMS client along, and 20 MB of memory. */
async function load(keyRing: KeyRing, keyName: string) {
  const [{ buildEncrypt }, { buildDecrypt }, keyrings, materials] = await Promise.all([
    import('@aws-crypto/encrypt-node'),
    import('@aws-crypto/decrypt-node'),
    import('@aws-crypto/raw-aes-keyring-node'),
    import('@aws-crypto/material-management-node'),
  ]);
  const options = {
    commitmentPolicy: materials.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
    maxEncryptedDataKeys: 1,
  };
  const keyring = new keyrings.RawAesKeyringNode({
    keyNamespace: 'sallyport',
    keyName,
    unencryptedMasterKey: keyRing.derive(keyName),
    wrappingSuite: keyrings.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suiteId = materials.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  return { ...buildEncrypt(options), ...buildDecrypt(options), keyring, suiteId };
}
