import type { Brand } from './brand.ts';
import { GatewayError } from './errors.ts';

/** One request, end to end: a UUIDv7 (RFC 9562, section 5.7) in lower case. */
export type RequestId = Brand<string, 'RequestId'>;
export type TenantId = Brand<string, 'TenantId'>;
export type PrincipalId = Brand<string, 'PrincipalId'>;
/** A model as the configuration names it; for Amazon Bedrock its foundation model id. */
export type ModelId = Brand<string, 'ModelId'>;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,2047}$/;

/**
 * Makes a UUIDv7 from `now` (epoch milliseconds) and 10 random bytes. Throws `RangeError` for fewer.
 *
 * The caller brings the randomness: the core reads neither clock nor entropy.
 */
export function createRequestId(now: number, random: Uint8Array): RequestId {
  if (random.length < 10) throw new RangeError('a request id takes 10 random bytes');
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(now % 2 ** 48, 0, 6);
  // Half a byte on, since the version stands before the first random bits.
  let at = 6;
  let high = 0x7;
  for (const byte of random.subarray(0, 10)) {
    bytes[at] = (high << 4) | (byte >> 4);
    high = byte & 0xf;
    at += 1;
  }
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return id as RequestId;
}

export function parseRequestId(text: string): RequestId {
  if (!UUID_V7.test(text)) throw new GatewayError('invalidRequest', { detail: 'a request id is a UUIDv7' });
  return text as RequestId;
}

/** A tenant's name: a letter, then up to 62 letters, digits, `_` or `-`. */
export function parseTenantId(text: string): TenantId {
  if (!NAME.test(text)) throw new GatewayError('invalidRequest', { detail: 'not a valid tenant name' });
  return text as TenantId;
}

/** A principal's name, of the same form as a tenant's. */
export function parsePrincipalId(text: string): PrincipalId {
  if (!NAME.test(text)) throw new GatewayError('invalidRequest', { detail: 'not a valid principal name' });
  return text as PrincipalId;
}

export function parseModelId(text: string): ModelId {
  if (!MODEL.test(text)) throw new GatewayError('invalidRequest', { detail: 'not a valid model id' });
  return text as ModelId;
}
