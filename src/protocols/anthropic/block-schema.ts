import { z } from 'zod';
import { base64 } from '../data-url.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';

/** Also of calls by models of other makers, whose ids may hold dots and colons (`functions.f:0`). */
const callId = z.string().regex(/^[a-zA-Z0-9_.:-]{1,128}$/);

export const identifier = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);

/** A point up to which the provider may keep what it read, behind the block that says so. */
export const cacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).nullish() })
  .nullish();

export type CacheControl = z.output<typeof cacheControl>;

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: cacheControl,
  // Only the model cites: what of its own words a caller says rests on something is no such text.
  citations: notCarried('citations', []).transform(() => undefined),
});

const cited = {
  cited_text: z.string(),
  document_index: z.int32().min(0),
  document_title: z.string().nullish(),
  // An answer has it, of a document that was uploaded before; what is sent has not.
  file_id: notCarried('citations.file_id'),
};
const place = z.int32().min(0);

const citation = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('char_location'), ...cited, start_char_index: place, end_char_index: place }),
  z.strictObject({ type: z.literal('page_location'), ...cited, start_page_number: place, end_page_number: place }),
  z.strictObject({
    type: z.literal('content_block_location'),
    ...cited,
    start_block_index: place,
    end_block_index: place,
  }),
  refusedTypes('unsupported', ['web_search_result_location', 'search_result_location']),
]);

/** A text of the model's, with what it rests on. */
const assistantText = textBlock.extend({ citations: z.array(citation).nullish() });

/** A text within a block that can be cached only as a whole. */
const innerText = textBlock.extend({ cache_control: notCarried('cache_control') });

const urlSource = z.strictObject({
  type: z.literal('url'),
  // RFC 3986 has no other characters; a `data:` URL would be content under the name of a reference.
  url: z.string().regex(/^https?:\/\/[!-~]{1,2048}$/),
});

const fileSource = z.strictObject({ type: z.literal('file'), file_id: identifier });

const imageSource = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('base64'),
    media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
    data: base64,
  }),
  urlSource,
  fileSource,
]);

const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: imageSource,
  transformations: notCarried('transformations', {}, { oversized_image: 'downsize' }),
  cache_control: cacheControl,
});

const documentSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: base64 }),
  z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string().min(1) }),
  z.strictObject({
    type: z.literal('content'),
    content: z.union([
      z.string().min(1),
      z.array(z.discriminatedUnion('type', [innerText, refusedTypes('unsupported', ['image'])])).min(1),
    ]),
  }),
  urlSource,
  fileSource,
]);

const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: documentSource,
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
  cache_control: cacheControl,
});

const thinkingBlock = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() });
const redactedThinkingBlock = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) });

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: callId,
  name: identifier,
  input: jsonObject,
  cache_control: cacheControl,
  caller: notCarried('caller', { type: 'direct' }),
  toolset_name: notCarried('toolset_name'),
});

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: callId,
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          innerText,
          imageBlock.extend({ cache_control: notCarried('cache_control') }),
          documentBlock.extend({ cache_control: notCarried('cache_control') }),
          refusedTypes('unsupported', ['search_result', 'tool_reference', 'browser_state']),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
  toolset_name: notCarried('toolset_name'),
});

/** Blocks of tools that run at the provider, of betas, and of search results, which the inner form has no place for. */
const refusedBlock = refusedTypes('unsupported', [
  'search_result',
  'server_tool_use',
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'advisor_tool_result',
  'mcp_tool_use',
  'mcp_tool_result',
  'mcp_tool_listing',
  'compaction',
  'fallback',
  'tool_addition',
  'tool_removal',
]);

const container = refusedTypes('uninspectable', ['container_upload']);

/** What may stand in a turn of the user's. */
export const userBlock = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  toolResultBlock,
  container,
  refusedBlock,
]);

/** What may stand in a turn of the model's. */
export const assistantBlock = z.discriminatedUnion('type', [
  assistantText,
  thinkingBlock,
  redactedThinkingBlock,
  toolUseBlock,
  refusedTypes('unsupported', ['image', 'document']),
  container,
  refusedBlock,
]);

export type WireBlock = z.output<typeof userBlock> | z.output<typeof assistantBlock>;
export type WireText = Pick<z.output<typeof assistantText>, 'text' | 'citations'>;
export type WireCitation = z.output<typeof citation>;
export type WireImage = Omit<z.output<typeof imageBlock>, 'cache_control'>;
export type WireDocument = Omit<z.output<typeof documentBlock>, 'cache_control'>;
