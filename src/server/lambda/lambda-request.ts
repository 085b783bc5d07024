import { GatewayError, type RequestHead, type WireReply } from '../../core/index.ts';

/** One request as an event of Lambda tells it. */
export interface LambdaRequest {
  /** What the client sent and signed, as far as the event has kept it. */
  readonly head: RequestHead;
  /** The path as the protocols know it: without stage and base path. */
  readonly route: string;
  /** The text of the body, and whether it is base64. */
  readonly body: EventBody;
  /** Whether answers give their headers as lists. */
  readonly hasHeaderLists: boolean;
  /** Whom API Gateway's IAM authorizer has verified. Believed only where the configuration says that there is one. */
  readonly iam?: IamCaller;
}

/** An answer in the place of one that does not come. */
export interface Refusal {
  readonly reply: WireReply;
  readonly headers: Readonly<Record<string, string>>;
}

export interface EventBody {
  readonly text: string;
  readonly isBase64: boolean;
}

/** Of a session of an IAM role, such as `arn:aws:sts::111122223333:assumed-role/app/i-0123`. */
export interface IamCaller {
  readonly userArn: string;
  readonly accountId: string;
}

/** An event that is not one of the front door that the configuration names. Its message holds nothing of the event. */
export class EventError extends Error {
  override readonly name = 'EventError';
}

/** Header fields, name by name, each with all of its values. */
export type HeaderEntries = readonly (readonly [name: string, values: readonly string[]])[];

const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** RFC 9110, section 5.5: a line end in a value would be another header to whoever prints it again. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;

/**
 * The headers of a request in lower case. Throws an `EventError` for what no HTTP server lets through.
 *
 * Clients that sign it sign the length of the body, which API Gateway leaves out: it is put back. Whatever is put there, the
 * signature holds only for the length that was signed.
 */
export function toHeaders(entries: HeaderEntries, body: EventBody): RequestHead['headers'] {
  const headers: [string, string][] = [];
  for (const [given, values] of entries) {
    const name = given.toLowerCase();
    if (!FIELD_NAME.test(name)) throw new EventError('a header of the event has no name that HTTP knows');
    for (const value of values) {
      if (!FIELD_VALUE.test(value)) throw new EventError('a header of the event has a value that HTTP does not know');
      headers.push([name, value]);
    }
  }
  if (!headers.some(([name]) => name === 'content-length') && body.text !== '') {
    headers.push(['content-length', String(bodyLength(body))]);
  }
  return headers;
}

function bodyLength({ text, isBase64 }: EventBody): number {
  return Buffer.byteLength(text, isBase64 ? 'base64' : 'utf8');
}

/** The body's bytes. Throws `payloadTooLarge` for more than `maxBytes`, `invalidRequest` where it is no base64. */
export function toBody(body: EventBody, maxBytes: number): Buffer {
  if (bodyLength(body) > maxBytes) throw new GatewayError('payloadTooLarge');
  if (!body.isBase64) return Buffer.from(body.text, 'utf8');
  const bytes = Buffer.from(body.text, 'base64');
  // Node skips what is no base64: the same bytes could come in many forms, one of them inspected and another signed.
  if (bytes.toString('base64') !== body.text) {
    throw new GatewayError('invalidRequest', { detail: 'the body of the event is not base64' });
  }
  return bytes;
}

/** `path` without what stands before it; itself where that does not. */
export function withoutPrefix(path: string, prefix: string | undefined): string {
  return prefix !== undefined && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** What is absent, in the form in which an event says so. */
export function orEmpty<Value>(value: Value | null | undefined, otherwise: Value): Value {
  return value ?? otherwise;
}
