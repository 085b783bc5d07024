import { z } from 'zod';
import { EventError, type HeaderEntries, type LambdaRequest, orEmpty, toHeaders } from './lambda-request.ts';

const single = z.record(z.string(), z.string()).nullish();
const lists = z.record(z.string(), z.array(z.string())).nullish();

/** Event of a target group of an Application Load Balancer, its headers each once or in lists. */
const albEvent = z.object({
  httpMethod: z.string().min(1),
  path: z.string().startsWith('/'),
  headers: single,
  multiValueHeaders: lists,
  queryStringParameters: single,
  multiValueQueryStringParameters: lists,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({ elb: z.object({ targetGroupArn: z.string().min(1) }) }),
});

/** The request of an event of a load balancer, whose path and query keep their escapes. Throws an `EventError` for any other. */
export function toAlbRequest(event: unknown): LambdaRequest {
  const parsed = albEvent.safeParse(event);
  if (!parsed.success) throw new EventError('not an event of a load balancer', { cause: parsed.error });
  const { httpMethod: method, path, isBase64Encoded: isBase64, ...rest } = parsed.data;
  const hasHeaderLists = rest.multiValueHeaders != null;
  const body = { text: orEmpty(rest.body, ''), isBase64 };
  const entries = toLists(rest.multiValueHeaders, rest.headers);
  const headers = toHeaders(entries, body);
  const parameters = toLists(rest.multiValueQueryStringParameters, rest.queryStringParameters);
  return {
    head: {
      method,
      path,
      query: parameters.flatMap(([name, values]) => values.map((value) => `${name}=${value}`)).join('&'),
      headers,
      source: lastHop(headers),
    },
    route: path,
    body,
    hasHeaderLists,
  };
}

function toLists(
  many: Readonly<Record<string, readonly string[]>> | null | undefined,
  one: Readonly<Record<string, string>> | null | undefined,
): HeaderEntries {
  if (many != null) return Object.entries(many);
  return Object.entries(orEmpty(one, {})).map(([name, value]) => [name, [value]]);
}

/** The address that the load balancer itself saw. What stands before it in the header is the client's own word. */
function lastHop(headers: LambdaRequest['head']['headers']): string {
  const forwarded = headers.filter(([name]) => name === 'x-forwarded-for').at(-1)?.[1] ?? '';
  return (forwarded.split(',').at(-1) ?? '').trim();
}
