import { type Block, type Citation, type Conversation, type Exchange, textOf } from '../../core/index.ts';

/** UTF-16 units at the end of a document that are cited. */
const CITED = 40;

/**
 * Cites the end of the first document that may be cited, by its place in the text the simulator was given; undefined
 * where there is none. What stands before it, when rewritten, moves the place.
 */
export function toCitation(exchange: Pick<Exchange, 'parts'>, { messages }: Conversation): Citation | undefined {
  const documents = messages.flatMap(({ content }) => content.flatMap(toDocuments));
  const document = documents.findIndex(({ citations, text }) => citations && text.length > 0);
  const { name, text: [first] = [] } = documents[document] ?? {};
  if (first === undefined) return undefined;
  const text = textOf(exchange, first);
  const from = Math.max(0, text.length - CITED);
  // Not inside a character.
  const start = /^[\udc00-\udfff]/.test(text.slice(from)) ? from + 1 : from;
  return {
    ...(name === undefined ? {} : { title: textOf(exchange, name) }),
    quotes: [text.slice(start)],
    location: { kind: 'characters', document, start, end: text.length },
  };
}

function toDocuments(block: Block): readonly Extract<Block, { kind: 'document' }>[] {
  if (block.kind === 'document') return [block];
  if (block.kind !== 'toolResult') return [];
  return block.content.flatMap((entry) => (typeof entry === 'number' || entry.kind !== 'document' ? [] : [entry]));
}
