import { type Conversation, type Exchange, GatewayError, type Part, textOf } from '../../core/index.ts';
import { notSent } from './not-sent.ts';

/** Under which Bedrock's invocation log names the request. */
const REQUEST_ID = 'sallyport-request-id';

/** How keys begin that a caller must not set: an auditor takes them for the gateway's or for AWS's word. */
const RESERVED = ['sallyport', 'aws'];

/** Bounds of the Amazon Bedrock Runtime service model. */
const KEY = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const VALUE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const MAX_ENTRIES = 16;

/**
 * The member `requestMetadata` of a Converse body as JSON text: the request's id, then the caller's entries.
 *
 * Throws `invalidRequest` for a reserved key, and `unsupported` for what does not fit: more than 15 entries, or a key or
 * value outside Bedrock's alphabet or longer than 256 characters. The braces that masking writes become `_`.
 */
export function requestMetadataText(exchange: Exchange, metadata: Conversation['metadata']): string {
  if (metadata.length >= MAX_ENTRIES) throw notSent(`more than ${MAX_ENTRIES - 1} entries of metadata`);
  const entries = metadata.map(({ key, value }) => {
    const name = textOf(exchange, key);
    const reserved = RESERVED.find((beginning) => name.toLowerCase().startsWith(beginning));
    if (reserved !== undefined) {
      throw new GatewayError('invalidRequest', { detail: `a metadata key that begins with \`${reserved}\`` });
    }
    if (!KEY.test(name)) throw notSent('a metadata key outside the alphabet or length of Amazon Bedrock');
    const text = fitValue(exchange.parts[value], textOf(exchange, value));
    if (!VALUE.test(text)) throw notSent('a metadata value outside the alphabet or length of Amazon Bedrock');
    return `,${JSON.stringify(name)}:${JSON.stringify(text)}`;
  });
  return `"requestMetadata":{"${REQUEST_ID}":"${exchange.id}"${entries.join('')}}`;
}

function fitValue(part: Part | undefined, text: string): string {
  return part?.edits === undefined ? text : text.replace(/[{}]/g, '_');
}

/** What the header of an `InvokeModel` call carries instead. */
export function requestMetadataHeader(exchange: Exchange): Readonly<Record<string, string>> {
  return { 'x-amzn-bedrock-request-metadata': `{"${REQUEST_ID}":"${exchange.id}"}` };
}
