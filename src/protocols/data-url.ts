import { z } from 'zod';
import { type DocumentBlock, GatewayError } from '../core/index.ts';

/** A file that came with the request. */
export interface SentBytes<Format> {
  readonly kind: 'bytes';
  readonly format: Format;
  readonly bytes: Uint8Array;
}

/** A file that the provider would fetch. */
export interface SentUrl {
  readonly kind: 'url';
  readonly url: string;
}

const imageFormats = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  // Not registered, and widely sent.
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);

const documentFormats = new Map<string, DocumentBlock['format']>([
  ['application/pdf', 'pdf'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/msword', 'doc'],
  ['application/vnd.ms-excel', 'xls'],
]);

// RFC 3986 has no other characters; other schemes would be content under the name of a reference.
const WEB_URL = /^https?:\/\/[!-~]{1,8192}$/;
const DATA_URL_HEAD = /^data:([a-z]+\/[a-z0-9.+-]{1,127})(?:;charset=utf-8)?;base64,/i;

/** Base64 (RFC 4648, section 4) in its one canonical form, of at least a byte: two readers must not see two files. */
export const base64 = z.string().transform((text, context): Uint8Array => {
  const bytes = toCanonicalBytes(text);
  if (bytes !== undefined) return bytes;
  context.addIssue('expected bytes in canonical base64');
  return z.NEVER;
});

/** A URL of the web. */
export const webUrl = z.string().regex(WEB_URL);

/** An image in a `data:` URL (RFC 2397), or elsewhere. */
export const imageUrl = z.string().transform((text, context): SentBytes<string> | SentUrl => {
  if (WEB_URL.test(text)) return { kind: 'url', url: text };
  const sent = parseDataUrl(text, imageFormats);
  if (sent !== undefined) return sent;
  context.addIssue('expected a URL of the web, or a `data:` URL in canonical base64');
  return z.NEVER;
});

/** A document in a `data:` URL (RFC 2397). */
export const documentDataUrl = z.string().transform((text, context): SentBytes<DocumentBlock['format']> => {
  const sent = parseDataUrl(text, documentFormats);
  if (sent !== undefined) return sent;
  context.addIssue('expected a `data:` URL in canonical base64');
  return z.NEVER;
});

/** Throws `unsupported` for a type that is not among the formats. Undefined where the URL is malformed. */
function parseDataUrl<Format>(text: string, formats: ReadonlyMap<string, Format>): SentBytes<Format> | undefined {
  const head = DATA_URL_HEAD.exec(text);
  const bytes = head === null ? undefined : toCanonicalBytes(text.slice(head[0].length));
  if (head === null || bytes === undefined) return undefined;
  const format = formats.get((head[1] ?? '').toLowerCase());
  if (format !== undefined) return { kind: 'bytes', format, bytes };
  throw new GatewayError('unsupported', { detail: `a file whose type is none of ${[...formats.keys()].join(', ')}` });
}

function toCanonicalBytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
