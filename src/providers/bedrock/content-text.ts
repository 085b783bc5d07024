import {
  type Block,
  type CitationPlaces,
  type Conversation,
  createCitationPlaces,
  type DocumentBlock,
  type Exchange,
  fileOf,
  GatewayError,
  type MediaBlock,
  type PartIndex,
  type ReasoningBlock,
  type ReferenceBlock,
  type TextBlock,
  type ToolResultBlock,
  textOf,
} from '../../core/index.ts';
import { citationText } from '../../protocols/index.ts';
import { createDocumentNames, type DocumentNames } from './document-names.ts';
import { mediaFormats, otherNames } from './media-formats.data.ts';
import { notSent } from './not-sent.ts';

/** Prints the content blocks of one request as JSON text, in the order they are asked for. */
export interface ContentPrinter {
  /** The blocks, divided by commas. Throws `unsupported` for what Converse has no place for. */
  blocks(blocks: readonly Block[]): string;
}

/** Between the pieces of a document's text. */
const PIECES = '\n';

/** The text of a document that goes to the model, which was inspected. */
export function documentText(exchange: Exchange, { text }: DocumentBlock): string {
  return text.map((index) => textOf(exchange, index)).join(PIECES);
}

/** Makes the printer of one request: names of documents must differ, and citations count them, over all its messages. */
export function createContentPrinter(exchange: Exchange, request: Conversation): ContentPrinter {
  const printing: Printing = {
    exchange,
    names: createDocumentNames(),
    places: createCitationPlaces(exchange, request),
  };
  return { blocks: (blocks) => blocks.map((block) => blockText(printing, block)).join() };
}

interface Printing {
  readonly exchange: Exchange;
  readonly names: DocumentNames;
  readonly places: CitationPlaces;
}

function quoted({ exchange }: Printing, index: PartIndex): string {
  return JSON.stringify(textOf(exchange, index));
}

function blockText(printing: Printing, block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.citations === undefined ? `{"text":${quoted(printing, block.text)}}` : citedText(printing, block);
    case 'document':
      return documentBlockText(printing, block);
    case 'media':
      return mediaText(block);
    case 'reference':
      return referenceText(printing, block);
    case 'reasoning':
      return reasoningText(printing, block);
    case 'toolUse': {
      const input = textOf(printing.exchange, block.arguments);
      const id = quoted(printing, block.id);
      return `{"toolUse":{"toolUseId":${id},"name":${quoted(printing, block.name)},"input":${input}}}`;
    }
    case 'toolResult': {
      const content = block.content.map((item) => resultText(printing, item)).join();
      const status = block.failed ? ',"status":"error"' : '';
      return `{"toolResult":{"toolUseId":${quoted(printing, block.id)},"content":[${content}]${status}}}`;
    }
    case 'cachePoint':
      return cachePointText(block);
    default:
      return block satisfies never;
  }
}

/** `CitationsContentBlock`, its citations placed where the model finds them in what it gets of their documents. */
function citedText(printing: Printing, { text, citations = [] }: TextBlock): string {
  const { exchange, places } = printing;
  const printed = citations.map(({ title, source, quotes, location }) =>
    citationText({
      ...(title === undefined ? {} : { title: textOf(exchange, title) }),
      ...(source === undefined ? {} : { source: textOf(exchange, source) }),
      quotes: quotes.map((quote) => textOf(exchange, quote)),
      ...(location === undefined ? {} : { location: places.toRewritten(location) }),
    }),
  );
  return `{"citationsContent":{"content":[{"text":${quoted(printing, text)}}],"citations":[${printed.join()}]}}`;
}

/** `CachePointBlock` as a member of a union. */
export function cachePointText({ ttl }: Extract<Block, { kind: 'cachePoint' }>): string {
  return `{"cachePoint":{"type":"default"${ttl === undefined ? '' : `,"ttl":"${ttl}"`}}}`;
}

function resultText(printing: Printing, item: ToolResultBlock['content'][number]): string {
  if (typeof item === 'object') {
    if (item.kind !== 'document' && item.modality === 'audio') throw notSent('audio in a tool result');
    return blockText(printing, item);
  }
  const part = printing.exchange.parts[item];
  if (part === undefined) throw new RangeError('a request refers to a part it does not have');
  return part.kind === 'json' ? `{"json":${part.text}}` : `{"text":${JSON.stringify(part.text)}}`;
}

/** The file where it may go, else the text that was taken out of it. */
function documentBlockText(printing: Printing, block: DocumentBlock): string {
  const { exchange } = printing;
  const file = fileOf(exchange, block);
  const name = JSON.stringify(nameOf(printing, block.name));
  return (
    `{"document":{"format":"${file === undefined ? 'txt' : block.format}","name":${name},` +
    `"source":{${file === undefined ? textSource(exchange, block) : bytesSource(file)}}` +
    (block.context === undefined ? '' : `,"context":${quoted(printing, block.context)}`) +
    (block.citations ? ',"citations":{"enabled":true}' : '') +
    '}}'
  );
}

/**
 * The service takes `text` as a source only with citations, and text as `bytes` only without
 * (github.com/boto/boto3/issues/4726, github.com/maximhq/bifrost/pull/7079). Pieces stay apart where they are cited, so
 * that an answer counts them and not characters of a text that the caller never saw.
 */
function textSource(exchange: Exchange, block: DocumentBlock): string {
  const text = documentText(exchange, block);
  if (text === '') throw notSent('a document without text');
  if (!block.citations) return bytesSource(Buffer.from(text));
  if (block.text.length === 1) return `"text":${JSON.stringify(text)}`;
  return `"content":[${block.text.map((piece) => `{"text":${JSON.stringify(textOf(exchange, piece))}}`).join()}]`;
}

function bytesSource(bytes: Uint8Array): string {
  return `"bytes":"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
}

function mediaText({ modality, format, bytes }: MediaBlock): string {
  return `{"${modality}":{"format":"${formatOf(modality, format)}","source":{${bytesSource(bytes)}}}}`;
}

function referenceText(printing: Printing, { modality, format, name, source }: ReferenceBlock): string {
  if (source.kind !== 's3Location') throw notSent(`content by \`${source.kind}\``);
  const isDocument = modality === 'document';
  if (format === undefined && !isDocument) throw notSent('a reference without a format');
  const members = [
    ...(format === undefined ? [] : [`"format":"${formatOf(modality, format)}"`]),
    ...(isDocument ? [`"name":${JSON.stringify(nameOf(printing, name))}`] : []),
    `"source":{"s3Location":{"uri":${quoted(printing, source.uri)}` +
      `${source.bucketOwner === undefined ? '' : `,"bucketOwner":${quoted(printing, source.bucketOwner)}`}}}`,
  ];
  return `{"${modality}":{${members.join()}}}`;
}

function nameOf({ exchange, names }: Printing, name: PartIndex | undefined): string {
  return names.next(name === undefined ? undefined : textOf(exchange, name));
}

function formatOf(modality: ReferenceBlock['modality'], format: string): string {
  const name = Object.hasOwn(otherNames, format) ? otherNames[format] : format;
  // The name itself is not repeated: a protocol may have let any text through as one.
  if (name === undefined || !mediaFormats[modality].includes(name)) throw notSent(`this format of ${modality}`);
  return name;
}

function reasoningText(printing: Printing, { text, proof }: ReasoningBlock): string {
  switch (proof?.kind) {
    case undefined:
    case 'signature': {
      if (text === undefined && proof === undefined) throw notSent('reasoning without a text');
      // What was thought without being shown has a signature all the same, and its turn is not taken back without it.
      const thought = text === undefined ? '""' : quoted(printing, text);
      const signature = proof === undefined ? '' : `,"signature":${JSON.stringify(proof.signature)}`;
      return `{"reasoningContent":{"reasoningText":{"text":${thought}${signature}}}}`;
    }
    case 'encrypted':
      if (text !== undefined) throw notSent('encrypted reasoning beside its text');
      return `{"reasoningContent":{"redactedContent":${JSON.stringify(proof.data)}}}`;
    case 'sealed':
      // Only the gateway can open its token: whoever cleared the exchange had to.
      throw new GatewayError('internal');
    default:
      return proof satisfies undefined;
  }
}
