import { createHmac } from 'node:crypto';
import type { KeyringNode } from '@aws-crypto/material-management-node';
import type { KeyRing, WrappedKey } from '../../core/index.ts';
import { createKmsKeyrings, type KmsSettings } from './kms-keyrings.ts';

/** Wraps record keys under the key ring or AWS KMS, in the AWS Encryption SDK's message format, version 2. */
export interface KeyWrapping {
  /** Loads what the rest needs, so that the first record does not wait for it. */
  prepare(): Promise<void>;
  wrap(dataKey: Uint8Array, name: WrappedKeyName): Promise<Uint8Array>;
  /** Rejects where the key ring is not the one that wrapped it, or the message was made for another name. */
  unwrap(key: WrappedKey): Promise<Uint8Array>;
}

type WrappedKeyName = Omit<WrappedKey, 'wrapped'>;

/**
 * The wrapping key is one of KMS where `kms` names any, else `audit/wrapping` of the key ring, and
 * `audit/wrapping/<generation>` from the second on. The suite is 0x0478, which commits to the data key: without commitment
 * one message could be made to unwrap to two keys. It carries no signature, because who can sign with the key ring can
 * also wrap with it.
 *
 * With `kms` the key ring alone unwraps nothing, unless `acceptsKeyRing`: whoever has it, and not the KMS key, could put
 * keys of their own in the place of others.
 */
export function createKeyWrapping(keyRing: KeyRing, kms?: KmsWrapping): KeyWrapping {
  const keyrings = kms === undefined ? undefined : createKmsKeyrings(kms);
  const local = new Map<number, Promise<KeyringNode>>();
  let loading: ReturnType<typeof load> | undefined;
  // Loaded at its first use: most commands wrap nothing.
  function client() {
    loading ??= load();
    return loading;
  }

  function ofKeyRing(generation: number): Promise<KeyringNode> {
    const keyring = local.get(generation) ?? client().then(({ createKeyring }) => createKeyring(keyRing, generation));
    local.set(generation, keyring);
    return keyring;
  }

  async function keyringFor({ tenant, generation }: WrappedKeyName): Promise<KeyringNode> {
    return keyrings === undefined ? ofKeyRing(generation) : keyrings.current(tenant);
  }

  async function keyringOf({ tenant, generation }: WrappedKeyName): Promise<KeyringNode> {
    if (keyrings === undefined) return ofKeyRing(generation);
    const children = [...(await keyrings.known(tenant))];
    if (kms?.acceptsKeyRing) children.push(await ofKeyRing(generation));
    const { MultiKeyringNode } = await client();
    return new MultiKeyringNode({ children });
  }

  const toContext = kms === undefined ? toNames : toPseudonyms(keyRing);
  return {
    async prepare() {
      await client();
      if (keyrings === undefined) await ofKeyRing(1);
    },
    async wrap(dataKey, name) {
      const { encrypt, suiteId } = await client();
      const { result } = await encrypt(await keyringFor(name), dataKey, {
        suiteId,
        encryptionContext: toContext(name),
      });
      return result;
    },
    async unwrap(key) {
      const { decrypt } = await client();
      const { plaintext, messageHeader } = await decrypt(await keyringOf(key), key.wrapped).catch((cause: unknown) => {
        throw new KeyNotUnwrappedError(kms === undefined ? NOT_OURS : NOT_BY_KMS, { cause });
      });
      // The SDK proves that the context is the one of wrapping, not that it is the one we look for. A key that was wrapped
      // before there was KMS has names.
      const { encryptionContext: context } = messageHeader;
      const isOurs = [toContext, toNames].some((of) =>
        Object.entries(of(key)).every(([name, value]) => context[name] === value),
      );
      if (!isOurs) throw new Error("a record key is another subject's");
      return plaintext;
    },
  };
}

/** A record key cannot be had. Its message is for the operator. */
export class KeyNotUnwrappedError extends Error {
  override readonly name = 'KeyNotUnwrappedError';
}

const NOT_OURS = 'a record key cannot be unwrapped: it was not wrapped under this key ring';
const NOT_BY_KMS =
  'a record key cannot be unwrapped: KMS is out of reach or refuses, or it is under none of the keys that `keys.kms` ' +
  'names (`formerKeys`, `acceptsKeyRing`)';

/** How record keys are wrapped where KMS does it, as plain data that goes to any thread. */
export interface KmsWrapping extends KmsSettings {
  /** Whether keys that were wrapped under the key ring are still unwrapped, until they are wrapped anew. */
  readonly acceptsKeyRing?: boolean | undefined;
}

type ToContext = (name: WrappedKeyName) => Record<string, string>;

const toNames: ToContext = ({ tenant, subject, keyId }) => ({ tenant, subject, keyId: toHex(keyId) });

/** What KMS gets, its policies can ask for and CloudTrail shows: the tenant by its name, and no principal by theirs. */
function toPseudonyms(keyRing: KeyRing): ToContext {
  const key = keyRing.derive('audit/subject-alias');
  return ({ tenant, subject, keyId }) => ({
    tenant,
    subject: createHmac('sha256', key).update(`${tenant}\n${subject}`).digest('hex').slice(0, 32),
    keyId: toHex(keyId),
  });
}

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The key ring's name of a wrapping key. */
function nameOf(generation: number): string {
  return generation === 1 ? 'audit/wrapping' : `audit/wrapping/${generation}`;
}

/** Loads the parts of the SDK that this takes; the whole of it brings the KMS client along, and 20 MB of memory. */
async function load() {
  const [{ buildEncrypt }, { buildDecrypt }, { RawAesKeyringNode, RawAesWrappingSuiteIdentifier }, materials] =
    await Promise.all([
      import('@aws-crypto/encrypt-node'),
      import('@aws-crypto/decrypt-node'),
      import('@aws-crypto/raw-aes-keyring-node'),
      import('@aws-crypto/material-management-node'),
    ]);
  const { AlgorithmSuiteIdentifier, CommitmentPolicy, MultiKeyringNode } = materials;
  const options = { commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, maxEncryptedDataKeys: 1 };
  return {
    ...buildEncrypt(options),
    ...buildDecrypt(options),
    MultiKeyringNode,
    suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    createKeyring(keyRing: KeyRing, generation: number): KeyringNode {
      const keyName = nameOf(generation);
      return new RawAesKeyringNode({
        keyNamespace: 'sallyport',
        keyName,
        unencryptedMasterKey: keyRing.derive(keyName),
        wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
      });
    },
  };
}
