import {
  type DocumentBlock,
  GatewayError,
  type MediaBlock,
  type PartOrigin,
  type ReferenceBlock,
} from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { WireDocument, WireImage } from './block-schema.ts';

/** Where a file stands, and who stands behind it. */
export interface FilePlace {
  readonly origin: PartOrigin;
  readonly path: string;
}

const imageFormats = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/gif': 'gif', 'image/webp': 'webp' } as const;

export function toImage(reader: Reader, { source }: WireImage, place: FilePlace): MediaBlock | ReferenceBlock {
  if (source.type !== 'base64')
    return { kind: 'reference', modality: 'image', source: toElsewhere(reader, source, place) };
  return { kind: 'media', modality: 'image', format: imageFormats[source.media_type], bytes: source.data };
}

/** Throws `unsupported` for what is said of a document that stands elsewhere: a reference has no place for it. */
export function toDocument(reader: Reader, block: WireDocument, place: FilePlace): DocumentBlock | ReferenceBlock {
  const { source, title, context } = block;
  const { path } = place;
  const add = (text: string, at: string) =>
    reader.parts.add({ kind: 'text', origin: 'document', path: `${path}/${at}`, text });
  const name = typeof title === 'string' ? { name: add(title, 'title') } : {};
  const citations = block.citations?.enabled ?? false;
  if (source.type === 'url' || source.type === 'file') {
    if (typeof context === 'string' || citations) {
      throw new GatewayError('unsupported', { detail: '`context` or `citations` of a document that stands elsewhere' });
    }
    const format = source.type === 'url' ? { format: 'pdf' } : {};
    return { kind: 'reference', modality: 'document', ...format, ...name, source: toElsewhere(reader, source, place) };
  }
  const said = { ...name, ...(typeof context === 'string' ? { context: add(context, 'context') } : {}), citations };
  switch (source.type) {
    case 'base64':
      return { kind: 'document', format: 'pdf', bytes: source.data, text: [], ...said };
    case 'text':
      return { kind: 'document', format: 'txt', text: [add(source.data, 'source/data')], ...said };
    case 'content': {
      const { content } = source;
      const text =
        typeof content === 'string'
          ? [add(content, 'source/content')]
          : content.map((piece, index) => add(piece.text, `source/content/${index}/text`));
      return { kind: 'document', format: 'txt', text, ...said };
    }
    default:
      return source satisfies never;
  }
}

type Elsewhere = Extract<WireImage['source'] | WireDocument['source'], { type: 'url' | 'file' }>;

// Both are identifiers: another address would be another content, so that masking it is no answer.
function toElsewhere({ parts }: Reader, source: Elsewhere, { origin, path }: FilePlace): ReferenceBlock['source'] {
  if (source.type === 'url') {
    return {
      kind: 'url',
      url: parts.add({ kind: 'identifier', origin, path: `${path}/source/url`, text: source.url }),
    };
  }
  const id = parts.add({ kind: 'identifier', origin, path: `${path}/source/file_id`, text: source.file_id });
  return { kind: 'fileId', id };
}
