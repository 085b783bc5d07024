import {
  type DocumentBlock,
  GatewayError,
  type MediaBlock,
  type Message,
  type PartIndex,
  type PartOrigin,
  type ReferenceBlock,
} from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { WireDocument, WireMedia, WireS3Location } from './content-schema.ts';

/** Where a block stands, and whose word it is. */
export interface Place {
  readonly origin: Message['role'] | 'toolResult';
  readonly path: string;
}

const textFormats: ReadonlySet<DocumentBlock['format']> = new Set(['txt', 'md', 'csv']);

/** Reads an image, a video or an audio clip. */
export function toMedia(
  reader: Reader,
  { format, source, modality }: WireMedia & Pick<MediaBlock, 'modality'>,
  { origin, path }: Place,
): MediaBlock | ReferenceBlock {
  if (source.bytes !== undefined) return { kind: 'media', modality, format, bytes: source.bytes };
  return { kind: 'reference', modality, format, source: toS3(reader, source.s3Location, { origin, path }) };
}

/**
 * Reads a document: text formats into text, others as the file they are. Throws `invalidRequest`, or `uninspectable`
 * where a text is not UTF-8.
 */
export function toDocument(reader: Reader, wire: WireDocument, place: Place): DocumentBlock | ReferenceBlock {
  const { name: wireName, format, source, context: wireContext, citations = { enabled: false } } = wire;
  const { path } = place;
  const name = addText(reader, wireName, `${path}/name`);
  if (source.s3Location !== undefined) {
    if (wireContext !== undefined || citations.enabled) {
      throw new GatewayError('unsupported', { detail: '`context` or `citations` of a document in `s3Location`' });
    }
    const reference = { kind: 'reference', modality: 'document', name } as const;
    return {
      ...reference,
      ...(format === undefined ? {} : { format }),
      source: toS3(reader, source.s3Location, place),
    };
  }
  const content = toContent(reader, { format, source }, `${path}/source`);
  const context = wireContext === undefined ? undefined : addText(reader, wireContext, `${path}/context`);
  return {
    kind: 'document',
    name,
    ...content,
    ...(context === undefined ? {} : { context }),
    citations: citations.enabled,
  };
}

function toContent(
  reader: Reader,
  { format, source }: Pick<WireDocument, 'format' | 'source'>,
  path: string,
): Pick<DocumentBlock, 'format' | 'bytes' | 'text'> {
  const { bytes, text, content = [] } = source;
  if (bytes !== undefined) {
    if (format === undefined) throw invalid('a document of bytes has no `format`');
    if (!textFormats.has(format)) return { format, bytes, text: [] };
    return { format, text: [addText(reader, decodeText(bytes), `${path}/bytes`)] };
  }
  // What is written out in the request is the text it is, its marks included.
  const isText = format === undefined || format === 'html' || textFormats.has(format);
  if (!isText) throw invalid('a document given as text has another `format`');
  const texts =
    text === undefined
      ? content.map((piece, index) => addText(reader, piece.text, `${path}/content/${index}/text`))
      : [addText(reader, text, `${path}/text`)];
  return { format: format ?? 'txt', text: texts };
}

/** A byte order mark is kept: it is part of the text that goes on. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('uninspectable', { detail: 'a text document that is not UTF-8', cause });
  }
}

function addText({ parts }: Reader, text: string, path: string): PartIndex {
  return parts.add({ kind: 'text', origin: 'document', path, text });
}

/** Both strings are bounded by patterns, and name a place: a rewritten one would name another. */
function toS3({ parts }: Reader, location: WireS3Location | undefined, place: Place): ReferenceBlock['source'] {
  if (location === undefined) throw invalid('a source is neither `bytes` nor `s3Location`');
  const origin: PartOrigin = place.origin;
  const path = `${place.path}/source/s3Location`;
  const { uri, bucketOwner } = location;
  return {
    kind: 's3Location',
    uri: parts.add({ kind: 'identifier', origin, path: `${path}/uri`, text: uri }),
    ...(bucketOwner === undefined
      ? {}
      : {
          bucketOwner: parts.add({ kind: 'identifier', origin, path: `${path}/bucketOwner`, text: bucketOwner }),
        }),
  };
}

function invalid(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail });
}
