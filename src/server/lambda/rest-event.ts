import { z } from 'zod';
import { EventError, type LambdaRequest, orEmpty, toHeaders, withoutPrefix } from './lambda-request.ts';

const lists = z.record(z.string(), z.array(z.string())).nullish();
const text = z.string().nullish();

/** Payload of a Lambda proxy integration of a REST API (version 1.0), as far as it is used. */
const restEvent = z.object({
  version: z.literal('1.0').optional(),
  httpMethod: z.string().min(1),
  path: z.string().startsWith('/'),
  multiValueHeaders: lists,
  multiValueQueryStringParameters: lists,
  body: text,
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    path: z.string().startsWith('/'),
    stage: z.string().min(1),
    resourcePath: z.string(),
    elb: z.undefined().optional(),
    identity: z.object({ sourceIp: text, userArn: text, accountId: text }),
  }),
});

/**
 * The request of an event of a private REST API. Throws an `EventError` for any other.
 *
 * The client has sent and signed the stage too, where it stands in the path: without a custom domain. The path keeps its
 * escapes; the query comes as a map, decoded, so that it is written again in the one form that signatures know.
 */
export function toRestRequest(event: unknown, basePath?: string): LambdaRequest {
  const parsed = restEvent.safeParse(event);
  if (!parsed.success) throw new EventError('not an event of a REST API', { cause: parsed.error });
  const { httpMethod: method, path, requestContext, isBase64Encoded: isBase64, ...rest } = parsed.data;
  const { identity, stage } = requestContext;
  const body = { text: orEmpty(rest.body, ''), isBase64 };
  const sent = toSentPath(path, { sent: requestContext.path, stage });
  const iam = toIamCaller(identity);
  return {
    head: {
      method,
      path: sent,
      query: toQuery(orEmpty(rest.multiValueQueryStringParameters, {})),
      headers: toHeaders(Object.entries(orEmpty(rest.multiValueHeaders, {})), body),
      source: orEmpty(identity.sourceIp, ''),
    },
    route: withoutPrefix(path, basePath),
    body,
    hasHeaderLists: false,
    ...(iam === undefined ? {} : { iam }),
  };
}

function toIamCaller({
  userArn,
  accountId,
}: z.output<typeof restEvent>['requestContext']['identity']): LambdaRequest['iam'] {
  return userArn == null || accountId == null ? undefined : { userArn, accountId };
}

/** What the client had in its request line: `path`, with the stage before it if the context's path has it. */
function toSentPath(path: string, { sent, stage }: { readonly sent: string; readonly stage: string }): string {
  const withStage = `/${stage}${path}`;
  // Compared decoded: it is not written anywhere which of the two keeps its escapes.
  if (decoded(sent) === decoded(withStage)) return withStage;
  if (decoded(sent) === decoded(path)) return path;
  throw new EventError('the two paths of an event differ by more than its stage');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function toQuery(parameters: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(parameters)
    .flatMap(([name, values]) => values.map((value) => `${escaped(name)}=${escaped(value)}`))
    .join('&');
}

function escaped(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch (cause) {
    throw new EventError('the query of an event is not Unicode', { cause });
  }
}
