import { type Citation, type Conversation, documentsOf, type Exchange, textOf } from '../../core/index.ts';

/** UTF-16 units at the end of a document that are cited. */
const CITED = 40;

/**
 * Cites the end of the first document that may be cited, by its place in the text the simulator was given; undefined
 * where there is none. What stands before it, when rewritten, moves the place.
 */
export function toCitation(exchange: Pick<Exchange, 'parts'>, request: Conversation): Citation | undefined {
  const documents = documentsOf(request);
  const document = documents.findIndex((each) => each.kind === 'document' && each.citations && each.text.length > 0);
  const cited = documents[document];
  if (cited?.kind !== 'document') return undefined;
  const {
    name,
    text: [first],
  } = cited;
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
