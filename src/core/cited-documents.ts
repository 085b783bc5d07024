import type { CitationLocation } from './citation.ts';
import type { Block, Conversation, DocumentBlock, ReferenceBlock } from './conversation.ts';
import { type Edit, originalEnd, originalStart, rewrittenEnd, rewrittenStart } from './edits.ts';
import type { Exchange } from './exchange.ts';
import type { PartIndex } from './part.ts';

/** A document of a request, be it here or elsewhere. */
export type SentDocument = DocumentBlock | (ReferenceBlock & { readonly modality: 'document' });

/** The documents that citations count, in reading order: those within tool results and references to some, too. */
export function documentsOf({ messages }: Pick<Conversation, 'messages'>): readonly SentDocument[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.kind === 'toolResult' ? block.content : [block]).filter(isDocument)),
  );
}

function isDocument(item: Block | PartIndex): item is SentDocument {
  if (typeof item !== 'object') return false;
  return item.kind === 'document' || (item.kind === 'reference' && item.modality === 'document');
}

/** Moves the place of a citation between a document as the caller sent it, and as it goes to the model. */
export interface CitationPlaces {
  /** From the text that the model got to the caller's: one that looks there in its own document finds the passage. */
  toOriginal(location: CitationLocation): CitationLocation;
  /** From the caller's text to the one that the model gets, in which masks stand for what was found. */
  toRewritten(location: CitationLocation): CitationLocation;
}

/** Made once for a request, whose documents are looked at only where something is cited. */
export function createCitationPlaces(
  exchange: Pick<Exchange, 'parts'>,
  conversation: Pick<Conversation, 'messages'>,
): CitationPlaces {
  let documents: readonly SentDocument[] | undefined;
  function editsOf({ kind, document }: CitationLocation): readonly Edit[] {
    if (kind !== 'characters') return [];
    documents ??= documentsOf(conversation);
    const cited = documents[document];
    // Of a text in several pieces, which came out of a file, the caller has no such offsets.
    const [only, ...more] = cited?.kind === 'document' ? cited.text : [];
    return only === undefined || more.length > 0 ? [] : (exchange.parts[only]?.edits ?? []);
  }
  function moved(location: CitationLocation, move: Record<'start' | 'end', typeof originalStart>): CitationLocation {
    const edits = editsOf(location);
    if (edits.length === 0) return location;
    return { ...location, start: move.start(edits, location.start), end: move.end(edits, location.end) };
  }
  return {
    toOriginal: (location) => moved(location, { start: originalStart, end: originalEnd }),
    toRewritten: (location) => moved(location, { start: rewrittenStart, end: rewrittenEnd }),
  };
}
