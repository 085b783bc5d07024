import {
  type DocumentBlock,
  GatewayError,
  type MediaBlock,
  type PartList,
  type PartOrigin,
  type ReferenceBlock,
} from '../../core/index.ts';
import type { SentBytes, SentUrl } from '../data-url.ts';

/** A file as a request names it, with the path of each of its fields. Exactly one of `data`, `id` and `url` is there. */
export interface WireFile {
  readonly data?: SentBytes<DocumentBlock['format']> | null | undefined;
  readonly id?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly paths: { readonly data: string; readonly id: string; readonly url: string; readonly name: string };
}

/** Where something stands, and who stands behind it. */
export interface Place {
  readonly origin: PartOrigin;
  readonly path: string;
}

const textFormats: ReadonlySet<DocumentBlock['format']> = new Set(['txt', 'md', 'csv']);

/** An image that was sent, or stands elsewhere; `path` is that of its URL. */
export function toImage(
  parts: PartList,
  image: SentBytes<string> | SentUrl,
  place: Place,
): MediaBlock | ReferenceBlock {
  if (image.kind === 'url') return { kind: 'reference', modality: 'image', source: toUrl(parts, image.url, place) };
  return { kind: 'media', modality: 'image', format: image.format, bytes: image.bytes };
}

/** An image that was uploaded before; `path` is that of its id. */
export function toUploadedImage(parts: PartList, id: string, place: Place): ReferenceBlock {
  return { kind: 'reference', modality: 'image', source: toFileId(parts, id, place) };
}

/** Throws `invalidRequest` for a file of no source or of several, and `uninspectable` for a text that is not UTF-8. */
export function toFile(parts: PartList, file: WireFile, origin: PartOrigin): DocumentBlock | ReferenceBlock {
  const { data, id, url, name: fileName, paths } = file;
  const [source, ...others] = [data, url, id].filter((each) => each !== undefined && each !== null);
  if (source === undefined || others.length > 0) {
    throw new GatewayError('invalidRequest', { detail: 'a file has exactly one of its data, its URL and its id' });
  }
  const add = (text: string, path: string) => parts.add({ kind: 'text', origin: 'document', path, text });
  const name = typeof fileName === 'string' ? { name: add(fileName, paths.name) } : {};
  if (typeof source === 'string') {
    const elsewhere =
      typeof url === 'string'
        ? toUrl(parts, source, { origin, path: paths.url })
        : toFileId(parts, source, { origin, path: paths.id });
    return { kind: 'reference', modality: 'document', ...name, source: elsewhere };
  }
  const { format, bytes } = source;
  return textFormats.has(format)
    ? { kind: 'document', ...name, format, text: [add(decodeText(bytes), paths.data)], citations: false }
    : { kind: 'document', ...name, format, bytes, text: [], citations: false };
}

// Both are identifiers: another address would be another content, so that masking it is no answer.
function toUrl(parts: PartList, text: string, { origin, path }: Place): ReferenceBlock['source'] {
  return { kind: 'url', url: parts.add({ kind: 'identifier', origin, path, text }) };
}

function toFileId(parts: PartList, text: string, { origin, path }: Place): ReferenceBlock['source'] {
  return { kind: 'fileId', id: parts.add({ kind: 'identifier', origin, path, text }) };
}

/** A byte order mark is kept: it is part of the text that goes on. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('uninspectable', { detail: 'a text document that is not UTF-8', cause });
  }
}
