import { z } from 'zod';
import { EventError, type LambdaRequest, orEmpty, toHeaders, withoutPrefix } from './lambda-request.ts';

/** Payload of an HTTP API, format 2.0, as far as it is used. */
const httpEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string().startsWith('/'),
  rawQueryString: z.string(),
  cookies: z.array(z.string()).nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    stage: z.string().min(1),
    http: z.object({ method: z.string().min(1), path: z.string(), sourceIp: z.string() }),
  }),
});

/**
 * The request of an event of an HTTP API. Throws an `EventError` for any other.
 *
 * Its path comes decoded. It is escaped again as SDKs do it, segment by segment; where a client wrote it otherwise, or a
 * segment held a slash, that is another path than was signed, and no signature over it holds.
 */
export function toHttpRequest(event: unknown, basePath?: string): LambdaRequest {
  const parsed = httpEvent.safeParse(event);
  if (!parsed.success) throw new EventError('not an event of an HTTP API', { cause: parsed.error });
  const { rawPath, rawQueryString: query, requestContext, isBase64Encoded: isBase64, ...rest } = parsed.data;
  const { stage, http } = requestContext;
  const body = { text: orEmpty(rest.body, ''), isBase64 };
  const path = toEscapedPath(rawPath);
  const cookies = orEmpty(rest.cookies, []);
  const entries = Object.entries(orEmpty(rest.headers, {})).map(([name, value]) => [name, [value]] as const);
  const withCookies = cookies.length === 0 ? entries : [...entries, ['cookie', [cookies.join('; ')]] as const];
  const beneathStage = stage === '$default' ? path : withoutPrefix(path, `/${stage}`);
  return {
    head: { method: http.method, path, query, headers: toHeaders(withCookies, body), source: http.sourceIp },
    route: withoutPrefix(beneathStage, basePath),
    body,
    hasHeaderLists: false,
  };
}

function toEscapedPath(path: string): string {
  try {
    return path.split('/').map(encodeURIComponent).join('/');
  } catch (cause) {
    throw new EventError('the path of an event is not Unicode', { cause });
  }
}
