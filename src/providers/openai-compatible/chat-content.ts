import {
  type DocumentBlock,
  type Exchange,
  fileOf,
  GatewayError,
  type MediaBlock,
  type ReferenceBlock,
  type TextBlock,
  textOf,
} from '../../core/index.ts';
import { joinTexts, quote, type Texts, unsupported } from './wire-text.ts';

/** What a turn says, calls and their results aside. */
export type ContentBlock = TextBlock | DocumentBlock | MediaBlock | ReferenceBlock;

/** A piece of content: text, or a part of another kind as the JSON it is. */
type Piece = string | { readonly part: string };

const fileTypes: Readonly<Record<DocumentBlock['format'], string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * The content of a user's message: one string where all of it is text, since not every chat template takes a list, else
 * a list of parts in their order. Throws `unsupported` for what no part carries.
 */
export function printContent(exchange: Pick<Exchange, 'parts'>, blocks: readonly ContentBlock[]): string {
  const pieces = blocks.flatMap((block) => toPieces(exchange, block));
  if (pieces.every((piece) => typeof piece === 'string')) return JSON.stringify(pieces.join('\n'));
  return `[${pieces.map(printPiece).join(',')}]`;
}

const notPrintable: Readonly<Record<MediaBlock['modality'], string>> = {
  image: 'an image of no known format',
  audio: 'audio other than wav and mp3',
  video: 'video',
};

/** Content of a message that takes nothing but text, such as an assistant's or a tool's. */
export function printTextContent(texts: Texts, blocks: readonly ContentBlock[]): string {
  return JSON.stringify(blocks.map((block) => toText(texts, block)).join('\n'));
}

function printPiece(piece: Piece): string {
  return typeof piece === 'string' ? `{"type":"text","text":${JSON.stringify(piece)}}` : piece.part;
}

function toPieces(exchange: Pick<Exchange, 'parts'>, block: ContentBlock): readonly Piece[] {
  switch (block.kind) {
    case 'text':
      return [toText(exchange, block)];
    case 'document': {
      const file = fileOf(exchange, block);
      if (file === undefined) return [toDocumentText(exchange, block)];
      const context = block.context === undefined ? [] : [textOf(exchange, block.context)];
      return [...context, { part: printFile(exchange, block, file) }];
    }
    case 'media':
      return [{ part: printMedia(block) }];
    case 'reference':
      return [{ part: printReference(exchange, block) }];
    default:
      return block satisfies never;
  }
}

function toText(texts: Texts, block: ContentBlock): string {
  if (block.kind === 'text') {
    if (block.citations !== undefined) throw unsupported('citations of an earlier answer');
    return textOf(texts, block.text);
  }
  if (block.kind !== 'document') throw unsupported('media or references outside of what the user says');
  return toDocumentText(texts, block);
}

/** A document as its inspected text, under a line that says what it is. */
function toDocumentText(texts: Texts, document: DocumentBlock): string {
  refuseCitations(document);
  const { name, context, text } = document;
  // Only its heading would go: the model would be told of a document that it was not given.
  if (text.length === 0) throw new GatewayError('uninspectable', { detail: 'a document without text' });
  const heading = name === undefined ? '[Document]' : `[Document: ${textOf(texts, name)}]`;
  return [heading, joinTexts(texts, context === undefined ? text : [context, ...text])].join('\n');
}

function printFile(texts: Texts, document: DocumentBlock, file: Uint8Array): string {
  refuseCitations(document);
  const { name, format } = document;
  const given = name === undefined ? 'document' : textOf(texts, name);
  const filename = given.toLowerCase().endsWith(`.${format}`) ? given : `${given}.${format}`;
  const data = `data:${fileTypes[format]};base64,${toBase64(file)}`;
  return `{"type":"file","file":{"filename":${JSON.stringify(filename)},"file_data":"${data}"}}`;
}

function refuseCitations({ citations }: DocumentBlock): void {
  if (citations) throw unsupported('citations');
}

function printMedia({ modality, format, bytes }: MediaBlock): string {
  // Part of a JSON string, and not quoted: that a format is a word is checked where requests are read, and here again.
  if (modality === 'image' && /^[a-z0-9]+$/.test(format)) {
    return `{"type":"image_url","image_url":{"url":"data:image/${format};base64,${toBase64(bytes)}"}}`;
  }
  if (modality === 'audio' && (format === 'wav' || format === 'mp3')) {
    return `{"type":"input_audio","input_audio":{"data":"${toBase64(bytes)}","format":"${format}"}}`;
  }
  throw unsupported(notPrintable[modality]);
}

function printReference(texts: Texts, { modality, source }: ReferenceBlock): string {
  if (modality !== 'image' || source.kind !== 'url') throw unsupported('references other than URLs of images');
  return `{"type":"image_url","image_url":{"url":${quote(texts, source.url)}}}`;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
