import { type Conversation, GatewayError, type PartList } from '../../core/index.ts';

/** What a request says of itself, besides what it asks. */
export interface WireMetadata {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly user?: string | null | undefined;
  readonly safety_identifier?: string | null | undefined;
  readonly prompt_cache_key?: string | null | undefined;
}

/** Throws `invalidRequest` where one name is given twice: one of the two would be lost on the way. */
export function toMetadata(parts: PartList, body: WireMetadata): Conversation['metadata'] {
  const origin = 'metadata';
  const metadata = body.metadata ?? {};
  const toEntry = (key: string, value: string, path: string) => ({
    key: parts.add({ kind: 'identifier', origin, path, text: key }),
    value: parts.add({ kind: 'text', origin, path, text: value }),
  });
  const entries = Object.entries(metadata).map(([key, value]) =>
    toEntry(key, value, `/metadata/${key.replaceAll('/', '~1')}`),
  );
  for (const key of ['user', 'safety_identifier'] as const) {
    const value = body[key];
    if (typeof value !== 'string') continue;
    if (Object.hasOwn(metadata, key)) {
      throw new GatewayError('invalidRequest', { detail: `\`${key}\` and \`metadata.${key}\` are both given` });
    }
    entries.push(toEntry(key, value, `/${key}`));
  }
  // A hint for OpenAI's own routing, which goes no further; the part lets it be inspected and recorded.
  const { prompt_cache_key: cacheKey } = body;
  if (typeof cacheKey === 'string') parts.add({ kind: 'text', origin, path: '/prompt_cache_key', text: cacheKey });
  return entries;
}
