import { z } from 'zod';
import { GatewayError, qualifiers } from '../../core/index.ts';
import { notCarried } from '../refusal.ts';
import { jsonObject, jsonValue } from '../shape.ts';
import { blob } from './blob.ts';
import { cachePoint, characters, nonEmpty, refused, toolName, toolUseId, union } from './shapes.ts';

const s3Location = z.strictObject({
  uri: characters(1, 1024).regex(/^s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](?:\/.*)?$/),
  bucketOwner: z
    .string()
    .regex(/^[0-9]{12}$/)
    .optional(),
});

const mediaSource = union({ bytes: blob(1).optional(), s3Location: s3Location.optional() });

const image = z.strictObject({
  format: z.enum(['png', 'jpeg', 'gif', 'webp']),
  source: mediaSource,
  error: refused('unsupported', 'image.error'),
});

const video = z.strictObject({
  format: z.enum(['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp']),
  source: mediaSource,
});

const audioFormats = ['mp3', 'opus', 'wav', 'aac', 'flac', 'mp4', 'ogg', 'mkv', 'mka', 'x-aac', 'm4a'] as const;

const audio = z.strictObject({
  format: z.enum([...audioFormats, 'mpeg', 'mpga', 'pcm', 'webm']),
  source: mediaSource,
  error: refused('unsupported', 'audio.error'),
});

const document = z.strictObject({
  format: z.enum(['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md']).optional(),
  name: characters(1, 200),
  source: union({
    bytes: blob(1).optional(),
    s3Location: s3Location.optional(),
    text: z.string().optional(),
    content: z
      .array(union({ text: z.string() }))
      .min(1)
      .optional(),
  }),
  context: z.string().optional(),
  citations: z.strictObject({ enabled: z.boolean() }).optional(),
});

const toolUse = z.strictObject({ toolUseId, name: toolName, input: jsonObject, type: notCarried('toolUse.type') });

const files = { image: image.optional(), document: document.optional(), video: video.optional() };
const searchResult = refused('unsupported', 'searchResult');

const toolResult = z.strictObject({
  toolUseId,
  content: z.array(union({ text: z.string().optional(), json: jsonValue.optional(), ...files, searchResult })),
  status: z.enum(['success', 'error']).optional(),
  type: notCarried('toolResult.type'),
});

const reasoningContent = union({
  reasoningText: z.strictObject({ text: z.string(), signature: z.string().optional() }).optional(),
  redactedContent: blob(1).optional(),
});

const count = z.int32().min(0);
const range = z.strictObject({ documentIndex: count, start: count, end: count });

const citation = z.strictObject({
  title: z.string().optional(),
  source: z.string().optional(),
  sourceContent: z.array(union({ text: z.string() })).optional(),
  location: union({
    documentChar: range.optional(),
    documentPage: range.optional(),
    documentChunk: range.optional(),
    web: refused('unsupported', 'location.web'),
    searchResultLocation: refused('unsupported', 'location.searchResultLocation'),
  }).optional(),
});

const citationsContent = z.strictObject({
  content: z.array(union({ text: z.string() })).optional(),
  citations: z.array(citation).optional(),
});

/** Text that a guardrail is pointed to. All other text is looked at none the less. */
const guardContent = union({
  text: z.strictObject({ text: z.string(), qualifiers: z.array(z.enum(qualifiers)).optional() }).optional(),
  image: refused('uninspectable', 'guardContent.image'),
});

const eitherRole = {
  text: z.string().optional(),
  ...files,
  audio: audio.optional(),
  cachePoint: cachePoint.optional(),
  guardContent: guardContent.optional(),
  searchResult,
  toolAddition: refused('unsupported', 'toolAddition'),
  toolRemoval: refused('unsupported', 'toolRemoval'),
};

const userContent = union({ ...eitherRole, toolResult: toolResult.optional() });

const assistantContent = union({
  ...eitherRole,
  toolUse: toolUse.optional(),
  reasoningContent: reasoningContent.optional(),
  citationsContent: citationsContent.optional(),
});

const systemMessage = z.looseObject({ role: z.literal('system') }).transform((): never => {
  throw new GatewayError('unsupported', { detail: 'a system message between turns' });
});

/** The turns of a conversation: the service's `Messages`. */
export const messages = z
  .array(
    z.discriminatedUnion('role', [
      z.strictObject({ role: z.literal('user'), content: z.array(userContent) }),
      z.strictObject({ role: z.literal('assistant'), content: z.array(assistantContent) }),
      systemMessage,
    ]),
  )
  .min(1);

/** The service's `SystemContentBlocks`. */
export const system = z.array(
  union({ text: nonEmpty.optional(), cachePoint: cachePoint.optional(), guardContent: guardContent.optional() }),
);

export type WireMessage = z.output<typeof messages>[number];
export type WireBlock = z.output<typeof userContent> & z.output<typeof assistantContent>;
export type WireSystemBlock = z.output<typeof system>[number];
export type WireToolUse = z.output<typeof toolUse>;
export type WireToolResult = z.output<typeof toolResult>;
export type WireDocument = z.output<typeof document>;
export type WireReasoning = z.output<typeof reasoningContent>;
export type WireCitations = z.output<typeof citationsContent>;
export type WireS3Location = z.output<typeof s3Location>;
/** An image, a video or an audio clip. */
export interface WireMedia {
  readonly format: string;
  readonly source: z.output<typeof mediaSource>;
}
