import { type Citation, GatewayError } from '../../core/index.ts';

/**
 * A citation as a text block holds it. A document's title is its own name for it, else the source's. One that stands in
 * no document of the request names a page by its URL; one that says neither has no form here and throws
 * `upstreamFailed`.
 */
export function toCitation({ title, source, quotes, location }: Citation) {
  const cited_text = quotes.join('');
  if (location === undefined) {
    if (source === undefined)
      throw new GatewayError('upstreamFailed', { detail: 'a citation of nothing that is named' });
    const web = { type: 'web_search_result_location', cited_text, encrypted_index: '' } as const;
    return { ...web, title: title ?? null, url: source };
  }
  const { document, start, end } = location;
  const cited = { cited_text, document_index: document, document_title: title ?? source ?? null, file_id: null };
  switch (location.kind) {
    case 'characters':
      return { type: 'char_location', ...cited, start_char_index: start, end_char_index: end } as const;
    case 'pages':
      return { type: 'page_location', ...cited, start_page_number: start, end_page_number: end } as const;
    case 'chunks':
      return { type: 'content_block_location', ...cited, start_block_index: start, end_block_index: end } as const;
    default:
      return location satisfies never;
  }
}
