import { z } from 'zod';

/** The name of a function, of an output schema. */
export const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

/** The id that ties the result of a tool to its call. */
export const callId = z.string().regex(/^[a-zA-Z0-9_.:-]{1,128}$/);

/** The id of an uploaded file, or of an item that the API made. */
export const objectId = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);

/** Names and values of the caller's own. */
export const metadata = z
  .record(z.string().regex(/^[a-zA-Z0-9 :_@$#=/+,.-]{1,64}$/), z.string().max(512))
  .refine((entries) => Object.keys(entries).length <= 16, { error: 'more than 16 entries' });

/** Up to here the provider may keep what it has read. */
export const cacheBreakpoint = z.strictObject({ mode: z.literal('explicit') }).nullish();

/** What else may be said of caching: hints, which a provider may leave out. */
export const cacheHints = {
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z
    .strictObject({ mode: z.enum(['implicit', 'explicit']).optional(), ttl: z.literal('30m').optional() })
    .nullish(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
};

export const reasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/** Sentences that refuse what more than one operation has. */
export const refusals = {
  logprobs:
    '`logprobs` and `top_logprobs`, which repeat an answer token by token where no inspection could rewrite them',
  stored: '`store`: nothing is stored here for later requests',
} as const;
