import { type AnswerEvent, type Exchange, originalEnd, originalStart } from '../core/index.ts';
import { blocksOf, conversationOf } from './conversation-blocks.ts';

/** Gives citations their offsets in the document as the caller sent it. */
export type MapCitations = (events: readonly AnswerEvent[]) => readonly AnswerEvent[];

/**
 * A citation tells where it stands in the document that the model got, in which masks stand for what was found: a caller
 * that looks there in its own document finds another passage.
 */
export function createCitationMap(exchange: Pick<Exchange, 'request' | 'parts'>): MapCitations {
  let map: MapCitations | undefined;
  return (events) => {
    if (!events.some(({ kind }) => kind === 'citation')) return events;
    map ??= mapOf(exchange);
    return map(events);
  };
}

function mapOf(exchange: Pick<Exchange, 'request' | 'parts'>): MapCitations {
  const conversation = conversationOf(exchange.request);
  const documents = [...(conversation === undefined ? [] : blocksOf(conversation))].flatMap((block) =>
    block.kind === 'document' ? [block] : [],
  );
  // Of a document in several pieces, which came out of a file, the caller has no such offsets.
  const edits = documents.map(({ text: [only, ...more] }) =>
    only === undefined || more.length > 0 ? undefined : exchange.parts[only]?.edits,
  );
  if (edits.every((ofDocument) => ofDocument === undefined)) return (events) => events;
  return (events) =>
    events.map((event) => {
      if (event.kind !== 'citation' || event.citation.location?.kind !== 'characters') return event;
      const { location } = event.citation;
      const ofDocument = edits[location.document];
      if (ofDocument === undefined) return event;
      const start = originalStart(ofDocument, location.start);
      const end = originalEnd(ofDocument, location.end);
      return { ...event, citation: { ...event.citation, location: { ...location, start, end } } };
    });
}
