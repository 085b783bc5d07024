import type { CitationLocation, CitedPassage, Message, TextBlock } from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { WireCitation, WireText } from './block-schema.ts';

/** Reads a text and, of an answer on its way back, what it rests on. `path` is that of its block. */
export function toText(
  reader: Reader,
  { text, citations }: WireText,
  { role, path }: { readonly role: Message['role']; readonly path: string },
): TextBlock {
  const block: TextBlock = {
    kind: 'text',
    text: reader.parts.add({ kind: 'text', origin: role, path: `${path}/text`, text }),
  };
  if (!citations || citations.length === 0) return block;
  return { ...block, citations: citations.map((each, index) => toPassage(reader, each, `${path}/citations/${index}`)) };
}

function toPassage({ parts }: Reader, citation: WireCitation, path: string): CitedPassage {
  const add = (member: 'document_title' | 'cited_text', text: string) =>
    parts.add({ kind: 'text', origin: 'assistant', path: `${path}/${member}`, text });
  const { document_title: title } = citation;
  return {
    ...(typeof title === 'string' ? { title: add('document_title', title) } : {}),
    quotes: [add('cited_text', citation.cited_text)],
    location: toLocation(citation),
  };
}

function toLocation(citation: WireCitation): CitationLocation {
  const { document_index: document } = citation;
  switch (citation.type) {
    case 'char_location':
      return { kind: 'characters', document, start: citation.start_char_index, end: citation.end_char_index };
    case 'page_location':
      return { kind: 'pages', document, start: citation.start_page_number, end: citation.end_page_number };
    case 'content_block_location':
      return { kind: 'chunks', document, start: citation.start_block_index, end: citation.end_block_index };
    default:
      return citation satisfies never;
  }
}
