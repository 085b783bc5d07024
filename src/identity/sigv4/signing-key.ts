import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { CredentialScope } from './claim.ts';

/**
 * Derives the key that signs requests of one scope
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, step 4): 32 bytes, ready for use.
 */
export function deriveSigningKey(secretAccessKey: string, { date, region, service }: CredentialScope): KeyObject {
  let key = hmac(`AWS4${secretAccessKey}`, date);
  for (const text of [region, service, 'aws4_request']) key = hmac(key, text);
  return createSecretKey(key);
}

function hmac(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}
