import type { KeyObject } from 'node:crypto';
import {
  type Clock,
  type Credential,
  GatewayError,
  type KeyRing,
  type PendingCaller,
  type RequestHead,
} from '../core/index.ts';
import { createSecretOpener, isAccessKeyId } from './access-key.ts';
import { toBinding } from './binding.ts';
import type { CredentialLookup } from './credential-lookup.ts';
import { createRecentMap } from './recent-map.ts';
import { checkClaim, type SigningRules } from './sigv4/check-claim.ts';
import type { CredentialScope, SignatureClaim } from './sigv4/claim.ts';
import { deriveSigningKey } from './sigv4/signing-key.ts';
import { verifySignature } from './sigv4/verify-signature.ts';
import { requireUsable, toCaller } from './usable-credential.ts';

export interface SignatureVerifierOptions {
  readonly find: CredentialLookup;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly service: string;
  readonly region: string;
  readonly normalizePath?: (head: RequestHead) => boolean;
}

/** Verifies a signature: time, scope, key id and what must be signed at once, the signature itself over the body. */
export type SignatureVerifier = (head: RequestHead, claim: SignatureClaim) => Promise<PendingCaller>;

export function createSignatureVerifier(options: SignatureVerifierOptions): SignatureVerifier {
  const { find, keyRing, clock, service, region, normalizePath = () => false } = options;
  const toSigningKey = createSigningKeys(keyRing);
  return async (head, claim) => {
    const rules: SigningRules = { service, region, normalizePath: normalizePath(head), signsSessionToken: true };
    checkClaim(claim, head, { ...rules, now: clock.now() });
    if (!isAccessKeyId(claim.accessKeyId)) throw new GatewayError('unauthenticated');
    requireUsable(await find(claim.accessKeyId), clock);
    return {
      async complete(body) {
        const credential = requireUsable(await find(claim.accessKeyId), clock);
        // These credentials have no session token, so one that is presented is not theirs.
        verifySignature({ head, claim, rules, body }, { signingKey: toSigningKey(credential, claim.scope) });
        return toCaller(credential);
      },
    };
  };
}

const KEPT_SIGNING_KEYS = 4096;

/** Signing keys by credential and day: deriving one takes a decryption and four hashes. */
function createSigningKeys(keyRing: KeyRing): (credential: Credential, scope: CredentialScope) => KeyObject {
  const openSecret = createSecretOpener(keyRing);
  const kept = createRecentMap<KeyObject>(KEPT_SIGNING_KEYS);
  return (credential, scope) => {
    // All that the secret is bound to is in the name, so that an entry changed in the store finds no key kept here.
    const name = `${scope.date} ${toBinding(credential)} ${Buffer.from(credential.secret).toString('latin1')}`;
    let key = kept.get(name);
    if (key === undefined) {
      key = deriveSigningKey(openSecret(credential), scope);
      kept.set(name, key);
    }
    return key;
  };
}
