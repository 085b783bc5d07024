import type { PrincipalId, TenantId } from './ids.ts';

/** What is kept of a credential. Secrets never lie here in the clear. */
export interface Credential {
  /** The public half: the API key's id or the AWS-style access key id. Unique over both kinds. */
  readonly id: string;
  readonly kind: 'apiKey' | 'sigv4';
  readonly tenant: TenantId;
  readonly principal: PrincipalId;
  /** For `apiKey` a keyed hash of the secret; for `sigv4` the secret encrypted under the key ring. */
  readonly secret: Uint8Array;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

/**
 * Where credentials are kept. All methods may be called at once, from any process; a write is durable once it
 * resolves and visible to every process at once.
 */
export interface CredentialStore {
  find(id: string): Promise<Credential | undefined>;
  list(): Promise<readonly Credential[]>;
  /** Rejects if the id exists. */
  create(credential: Credential): Promise<void>;
  /** Resolves to false if there is no such credential or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
}

/**
 * The root of local encryption. Everything else is derived (HKDF-SHA-256, RFC 5869) or wrapped under it, so that the
 * key file is the one secret to guard.
 */
export interface KeyRing {
  /** 32 bytes for one purpose, the same at every call. */
  derive(purpose: string): Uint8Array;
}

/** A wrapped record key: one per tenant and erasure subject. */
export interface WrappedKey {
  readonly tenant: string;
  readonly subject: string;
  /** Ciphertext under the key ring; 16 random bytes name the key. */
  readonly keyId: Uint8Array;
  readonly wrapped: Uint8Array;
  /** Which wrapping key it is under; from 1. */
  readonly generation: number;
}

/**
 * Where wrapped record keys are kept. A write is durable once it resolves. Destroying a key is erasing what it
 * encrypts, so nothing else may hold a copy.
 */
export interface WrappedKeyStore {
  find(tenant: string, subject: string): Promise<WrappedKey | undefined>;
  findById(keyId: Uint8Array): Promise<WrappedKey | undefined>;
  /** Keeps the first key for a tenant and subject; resolves to the one that is kept, also if another process won. */
  createIfAbsent(key: WrappedKey): Promise<WrappedKey>;
  /** The keys of a tenant, or all there are. */
  list(tenant?: string): Promise<readonly WrappedKey[]>;
  /** Puts a key that is wrapped anew in the place of `key`; false where that is not what is there any more. */
  rewrap(key: WrappedKey, anew: Pick<WrappedKey, 'wrapped' | 'generation'>): Promise<boolean>;
  /**
   * Counts a wrap, and gives the generation of the wrapping key that it is to be under. A generation wraps at most 2^31
   * keys (NIST SP 800-38D, section 8.3, with room to spare); the next one follows by itself.
   */
  countWrap(): Promise<number>;
  /** Begins the next generation of the wrapping key, and gives it. */
  advanceGeneration(): Promise<number>;
  /**
   * Destroys a key for good, at `at` (epoch milliseconds), and keeps that it was. Its subject may get another one. False
   * where there is no such key. Rejects also where the key is gone but its bytes cannot be written over yet: called
   * again with the same key, it tries that again.
   */
  destroy(keyId: Uint8Array, at: number): Promise<boolean>;
  /** Ids of keys that were destroyed at `since` or later. */
  destroyedSince(since: number): Promise<readonly Uint8Array[]>;
  /** When a key was destroyed (epoch milliseconds); undefined of one that was not, or that never was here. */
  erasedAt(keyId: Uint8Array): Promise<number | undefined>;
}
