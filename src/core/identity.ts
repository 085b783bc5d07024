import type { Caller } from './exchange.ts';

/** The head of a request exactly as it came over the wire. Under HTTP/2 the list holds `:authority`. */
export interface RequestHead {
  readonly method: string;
  /** Path without the query, undecoded. */
  readonly path: string;
  /** Query without `?`, undecoded; empty if none. */
  readonly query: string;
  /** In order of arrival; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The peer's address, for slowing and bounding sources. */
  readonly source: string;
}

/** A credential whose shape is right. `complete` verifies what needs the body, and gives the caller. */
export interface PendingCaller {
  /** Whether the credential is good already. A signature is known to be only when the whole body is there. */
  readonly isVerified?: boolean;
  complete(body: Uint8Array): Promise<Caller>;
}

/**
 * Verifies exactly one credential of a request. `begin` and `complete` reject with `unauthenticated`,
 * `ambiguousCredentials`, `signatureMismatch` or `signatureExpired`; an API key is verified whole in `begin`.
 */
export interface Authenticator {
  begin(head: RequestHead): Promise<PendingCaller>;
}
