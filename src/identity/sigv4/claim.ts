import { GatewayError } from '../../core/index.ts';

/** What a signature says of itself. Nothing here is verified yet. */
export interface SignatureClaim {
  /** Where it stands, which decides what the canonical query leaves out. */
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  /** As signed, such as `20150830T123600Z`. */
  readonly timestamp: string;
  /** The same in epoch milliseconds. */
  readonly signedAt: number;
  /** Milliseconds a presigned request lives; a signed one lives as long as clocks may differ. */
  readonly lifetimeMs?: number;
  /** Lower case, ascending, without repetition. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits in lower case. */
  readonly signature: string;
  /** Every hash of the body that the request declares, in hexadecimal. */
  readonly bodyHashes: readonly string[];
  readonly sessionToken?: string;
}

/** `date` is the day, such as `20150830`. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const CREDENTIAL = /^([A-Za-z0-9]{1,128})\/([0-9]{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/;
const TIMESTAMP = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/;
/** A field name of RFC 9110, section 5.1 in lower case. */
const HEADER_NAME = /^(?::authority|[!#$%&'*+\-.^_`|~0-9a-z]+)$/;
/** Each is looked up among the headers before anything is verified. */
const MAX_SIGNED_HEADERS = 100;
const SIGNATURE = /^[0-9a-f]{64}$/;
const BODY_HASH = /^[0-9a-f]{64}$/;

/** What both forms of a signature have in common, as text. */
export interface ClaimText {
  readonly credential: string;
  readonly timestamp: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly bodyHashes: readonly string[];
}

/** Reads the parts of a claim. Throws `unauthenticated` where one has not the shape of SigV4. */
export function parseClaim(text: ClaimText): Omit<SignatureClaim, 'form'> {
  const { timestamp, signature, bodyHashes } = text;
  if (!SIGNATURE.test(signature)) throw malformed('the signature is not 64 hexadecimal digits');
  // UNSIGNED-PAYLOAD and STREAMING-… leave the body open to whoever stands between.
  if (!bodyHashes.every((hash) => BODY_HASH.test(hash))) {
    throw new GatewayError('signatureMismatch', { detail: 'the whole body must be signed' });
  }
  const signedAt = parseTimestamp(timestamp);
  const signedHeaders = parseSignedHeaders(text.signedHeaders);
  return { ...parseCredential(text.credential), timestamp, signedAt, signedHeaders, signature, bodyHashes };
}

function parseCredential(text: string): Pick<SignatureClaim, 'accessKeyId' | 'scope'> {
  const match = CREDENTIAL.exec(text);
  if (match === null) throw malformed('the credential is not key id, date, region, service and aws4_request');
  // Every group takes part in a match.
  const [accessKeyId, date, region, service] = match.slice(1) as [string, string, string, string];
  return { accessKeyId, scope: { date, region, service } };
}

function parseTimestamp(text: string): number {
  const iso = text.replace(TIMESTAMP, '$1-$2-$3T$4:$5:$6.000Z');
  const time = Date.parse(iso);
  // Printed again, because the parser carries 30 February over into March.
  if (Number.isNaN(time) || iso === text || new Date(time).toISOString() !== iso) {
    throw malformed('the time is not of the form yyyymmddThhmmssZ');
  }
  return time;
}

function parseSignedHeaders(text: string): readonly string[] {
  const names = text.split(';', MAX_SIGNED_HEADERS + 1);
  const isSound =
    names.length <= MAX_SIGNED_HEADERS &&
    names.every((name, at) => HEADER_NAME.test(name) && (at === 0 || `${names[at - 1]}` < name));
  if (!isSound) throw malformed('the signed headers are not lower-case names in ascending order');
  return names;
}

function malformed(detail: string): GatewayError {
  return new GatewayError('unauthenticated', { detail });
}
