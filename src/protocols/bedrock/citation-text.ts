import type { Citation, CitationLocation } from '../../core/index.ts';

const members = {
  characters: 'documentChar',
  pages: 'documentPage',
  chunks: 'documentChunk',
} as const satisfies Record<CitationLocation['kind'], string>;

/** The JSON text of the service's `Citation`, in whole answers and, member for member, in streams. */
export function citationText({ title, source, quotes, location }: Citation): string {
  return JSON.stringify({
    title,
    source,
    sourceContent: quotes.map((text) => ({ text })),
    location: location === undefined ? undefined : toLocation(location),
  });
}

function toLocation({ kind, document, start, end }: CitationLocation) {
  return { [members[kind]]: { documentIndex: document, start, end } };
}
