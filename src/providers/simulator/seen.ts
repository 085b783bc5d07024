import {
  type Block,
  type CitedPassage,
  type Conversation,
  type DocumentBlock,
  type Exchange,
  fileOf,
  type MediaBlock,
  type PartIndex,
  type ReferenceBlock,
  textOf,
} from '../../core/index.ts';

type Texts = Pick<Exchange, 'parts'>;

/**
 * Everything a model is shown of a conversation, a line for each piece: system texts, turns, tool definitions. Tool
 * calls and schemas stand as the raw JSON they are; what is no text is described, as in `[image png 1234 bytes]`. One
 * user message alone comes out as exactly its text.
 */
export function toSeen(exchange: Texts, { system, messages, tools, providerTools = [] }: Conversation): string {
  return [
    ...system.flatMap((block) => toLines(exchange, block)),
    ...messages.flatMap(({ content }) => content.flatMap((block) => toLines(exchange, block))),
    ...tools.map(({ name, description, schema }) => toLine(exchange, [name, description, schema])),
    ...providerTools.map((name) => `[tool ${textOf(exchange, name)}]`),
  ].join('\n');
}

function toLines(exchange: Texts, block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [textOf(exchange, block.text), ...(block.citations ?? []).map((cited) => toCitedLine(exchange, cited))];
    case 'document':
      return toDocumentLines(exchange, block);
    case 'media':
      return [toMediaLine(block)];
    case 'reference':
      return [toReferenceLine(exchange, block)];
    case 'reasoning':
      return [block.text === undefined ? '[reasoning encrypted]' : textOf(exchange, block.text)];
    case 'toolUse':
      return [toLine(exchange, [block.name, block.arguments])];
    case 'toolResult':
      return block.content.flatMap((entry) =>
        typeof entry === 'number' ? [textOf(exchange, entry)] : toLines(exchange, entry),
      );
    case 'cachePoint':
      return [];
    default:
      return block satisfies never;
  }
}

function toCitedLine(exchange: Texts, { title, source, quotes }: CitedPassage): string {
  return `[citing ${toLine(exchange, [title, source, ...quotes])}]`;
}

function toDocumentLines(exchange: Texts, document: DocumentBlock): readonly string[] {
  const { name, context, format, text } = document;
  const file = fileOf(exchange, document);
  const named = name === undefined ? format : `${format} ${textOf(exchange, name)}`;
  const said = context === undefined ? [] : [textOf(exchange, context)];
  if (file !== undefined) return [`[document ${named} ${file.length} bytes]`, ...said];
  return [`[document ${named}]`, ...said, ...text.map((index) => textOf(exchange, index))];
}

function toMediaLine({ modality, format, bytes }: MediaBlock): string {
  return `[${modality} ${format} ${bytes.length} bytes]`;
}

function toReferenceLine(exchange: Texts, { modality, name, source }: ReferenceBlock): string {
  const named = name === undefined ? modality : `${modality} ${textOf(exchange, name)}`;
  switch (source.kind) {
    case 'url':
      return `[${named} at ${textOf(exchange, source.url)}]`;
    case 's3Location':
      return `[${named} at ${textOf(exchange, source.uri)}]`;
    case 'fileId':
      return `[${named} in file ${textOf(exchange, source.id)}]`;
    default:
      return source satisfies never;
  }
}

function toLine(exchange: Texts, indexes: readonly (PartIndex | undefined)[]): string {
  return indexes.flatMap((index) => (index === undefined ? [] : [textOf(exchange, index)])).join(' ');
}

/** The text of the last user turn, which directives are read from; empty where that turn only brings tool results. */
export function toLastUserText(exchange: Texts, { messages }: Conversation): string {
  const turn = messages.findLast(({ role }) => role === 'user');
  return (turn?.content ?? [])
    .flatMap((block) => (block.kind === 'text' ? [textOf(exchange, block.text)] : []))
    .join('\n');
}
