import { type AnswerEvent, type CitationPlaces, createCitationPlaces, type Exchange } from '../../core/index.ts';
import { conversationOf } from './conversation-blocks.ts';

/** Gives citations their offsets in the document as the caller sent it. */
export type MapCitations = (events: readonly AnswerEvent[]) => readonly AnswerEvent[];

/** Makes the map of one answer. Where nothing moves, the very same events come back. */
export function createCitationMap({ request, parts }: Pick<Exchange, 'request' | 'parts'>): MapCitations {
  const places = createCitationPlaces({ parts }, conversationOf(request) ?? { messages: [] });
  return (events) => {
    if (!events.some(({ kind }) => kind === 'citation')) return events;
    const mapped = events.map((event) => atOriginal(event, places));
    return mapped.some((event, index) => event !== events[index]) ? mapped : events;
  };
}

function atOriginal(event: AnswerEvent, places: CitationPlaces): AnswerEvent {
  if (event.kind !== 'citation' || event.citation.location === undefined) return event;
  const location = places.toOriginal(event.citation.location);
  return location === event.citation.location ? event : { ...event, citation: { ...event.citation, location } };
}
