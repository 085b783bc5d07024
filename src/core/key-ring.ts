/**
 * The root of local encryption. Everything else is derived (HKDF-SHA-256, RFC 5869) or wrapped under it, so that the
 * key file is the one secret to guard.
 */
export interface KeyRing {
  /** 32 bytes for one purpose, the same at every call. */
  derive(purpose: string): Uint8Array;
}
