import type { Authenticator, Clock, CredentialStore, KeyRing, PendingCaller, RequestHead } from '../core/index.ts';
import { createApiKeyMatcher } from './api-key.ts';
import { createApiKeyVerifier } from './api-key-verifier.ts';
import { createCredentialLookup } from './credential-lookup.ts';
import { readPresentedCredential } from './presented-credential.ts';
import { createSignatureVerifier } from './signature-verifier.ts';
import { createSourceSlowdown } from './source-slowdown.ts';

export interface AuthenticatorOptions {
  readonly credentials: Pick<CredentialStore, 'find'>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** The service and region that callers sign for, such as `bedrock` and `us-east-1`. */
  readonly service: string;
  readonly region: string;
  /** Whether a request's path is signed normalised. Never, unless given: Amazon Bedrock's clients sign it as it is. */
  readonly normalizePath?: (head: RequestHead) => boolean;
}

/**
 * Verifies API keys (`Authorization: Bearer`, `x-api-key`) and AWS Signature Version 4, in headers or presigned.
 *
 * A revoked or expired credential is refused within a second, in every process. An answer to a source that failed
 * twenty times in a minute is slowed by up to a second; a valid credential never is.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { credentials, keyRing, clock } = options;
  const slowdown = createSourceSlowdown(clock);
  const find = createCredentialLookup(credentials, clock);
  const beginApiKey = createApiKeyVerifier({ find, clock, matches: createApiKeyMatcher(keyRing) });
  const beginSignature = createSignatureVerifier({ ...options, find });

  async function begin(head: RequestHead): Promise<PendingCaller> {
    const presented = readPresentedCredential(head);
    return presented.kind === 'apiKey' ? beginApiKey(presented.text) : beginSignature(head, presented.claim);
  }

  return {
    begin: (head) =>
      slowdown.guard(head.source, async () => {
        const pending = await begin(head);
        return { ...pending, complete: (body) => slowdown.guard(head.source, () => pending.complete(body)) };
      }),
  };
}
