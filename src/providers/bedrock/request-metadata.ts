import { type Conversation, type Exchange, GatewayError, textOf } from '../../core/index.ts';

/** Under which Bedrock's invocation log names the request. */
const REQUEST_ID = 'sallyport-request-id';

/** Keys that a caller must not set: an auditor takes them for the gateway's or for AWS's word. */
const RESERVED = /^(?:sallyport|aws)/i;

/** Bounds of the Amazon Bedrock Runtime service model. */
const KEY = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const OUTSIDE_VALUE = /[^a-zA-Z0-9\s:_@$#=/+,.-]/g;
const MAX_VALUE = 256;
const MAX_ENTRIES = 16;

/**
 * The member `requestMetadata` of a Converse body as JSON text: the request's id, then the caller's entries.
 *
 * A character that Bedrock does not take in a value becomes `_`, such as the braces that masking writes. Throws
 * `invalidRequest` for a reserved key, `unsupported` for one outside Bedrock's alphabet or more than 15 entries.
 */
export function requestMetadataText(exchange: Exchange, metadata: Conversation['metadata']): string {
  if (metadata.length >= MAX_ENTRIES) {
    throw new GatewayError('unsupported', { detail: `more than ${MAX_ENTRIES - 1} entries of metadata` });
  }
  const entries = metadata.map(({ key, value }) => {
    const name = textOf(exchange, key);
    if (RESERVED.test(name)) throw new GatewayError('invalidRequest', { detail: 'a metadata key that is reserved' });
    if (!KEY.test(name)) throw new GatewayError('unsupported', { detail: 'a metadata key outside the alphabet' });
    const text = textOf(exchange, value).replace(OUTSIDE_VALUE, '_').slice(0, MAX_VALUE);
    return `,${JSON.stringify(name)}:${JSON.stringify(text)}`;
  });
  return `"requestMetadata":{"${REQUEST_ID}":"${exchange.id}"${entries.join('')}}`;
}

/** What the header of an `InvokeModel` call carries instead. */
export function requestMetadataHeader(exchange: Exchange): Readonly<Record<string, string>> {
  return { 'x-amzn-bedrock-request-metadata': `{"${REQUEST_ID}":"${exchange.id}"}` };
}
