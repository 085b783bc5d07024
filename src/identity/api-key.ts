import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Credential, GatewayError, type KeyRing } from '../core/index.ts';
import { type Bound, toBinding } from './binding.ts';
import type { Issuer, Owner } from './owner.ts';
import { createRandomText } from './random-text.ts';

/** An API key as presented: `sp_<environment>_<id>_<secret>`. */
export interface ApiKey {
  readonly environment: string;
  readonly id: string;
  readonly secret: string;
}

const LOWER = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE62 = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const ID_LENGTH = 16;
/** 43 of 62 letters are 256 bits. */
const SECRET_LENGTH = 43;
const ENVIRONMENT = /^[a-z0-9]{1,16}$/;
const API_KEY = /^sp_([a-z0-9]{1,16})_([a-z0-9]{16})_([A-Za-z0-9]{43})$/;
const PURPOSE = 'identity/api-key';

/**
 * Makes an API key. `apiKey` is for the owner and exists nowhere else; `credential` is what is kept.
 *
 * `environment` is one to sixteen lower-case letters and digits, and a key is good only with its own; throws
 * `invalidRequest` otherwise.
 */
export function createApiKey(
  { environment, tenant, principal, expiresAt }: Owner & { readonly environment: string },
  { keyRing, clock }: Issuer,
): { readonly credential: Credential; readonly apiKey: string } {
  if (!ENVIRONMENT.test(environment)) {
    throw new GatewayError('invalidRequest', { detail: 'an environment is 1 to 16 lower-case letters and digits' });
  }
  const id = createRandomText(LOWER, ID_LENGTH);
  const secret = createRandomText(BASE62, SECRET_LENGTH);
  const bound: Bound = { id, kind: 'apiKey', tenant, principal, ...(expiresAt === undefined ? {} : { expiresAt }) };
  const hash = hashApiKey(toHashKey(keyRing), { environment, id, secret }, bound);
  return {
    credential: { ...bound, secret: hash, createdAt: clock.now() },
    apiKey: `sp_${environment}_${id}_${secret}`,
  };
}

/** Reads a key's parts; undefined where it has not the shape of one. */
export function parseApiKey(text: string): ApiKey | undefined {
  const match = API_KEY.exec(text);
  if (match === null) return undefined;
  // Every group takes part in a match.
  const [environment, id, secret] = match.slice(1) as [string, string, string];
  return { environment, id, secret };
}

/** Says whether a key is the one of a credential. */
export type ApiKeyMatcher = (key: ApiKey, credential: Credential) => boolean;

/** A matcher that takes the same time whatever is wrong, and whether there is a credential. */
export function createApiKeyMatcher(keyRing: KeyRing): ApiKeyMatcher {
  const hashKey = toHashKey(keyRing);
  return (key, credential) => {
    const presented = hashApiKey(hashKey, key, credential);
    // A credential of another kind has a secret of another length, which only a damaged store gives under this id.
    return credential.secret.length === presented.length && timingSafeEqual(presented, credential.secret);
  };
}

/** A key object, because preparing one from bytes takes five times as long as the hash. */
function toHashKey(keyRing: KeyRing): KeyObject {
  return createSecretKey(keyRing.derive(PURPOSE));
}

function hashApiKey(hashKey: KeyObject, { environment, secret }: ApiKey, bound: Bound): Uint8Array {
  return createHmac('sha256', hashKey)
    .update(`${toBinding(bound)}\n${environment}\n${secret}`)
    .digest();
}
