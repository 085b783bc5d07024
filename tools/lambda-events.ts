import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a front door makes an event of. */
export interface DoorRequest {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly kind: 'rest' | 'http-api' | 'alb';
  readonly stage?: string;
  readonly basePath?: string;
  readonly iam?: { readonly userArn: string; readonly accountId: string };
  readonly headerLists?: boolean;
}

type Lists = Record<string, string[]>;

/**
 * The event of a request, as AWS documents it: for a REST API the payload of a proxy integration whose binary media types
 * take in everything, for an HTTP API format 2.0, for a load balancer that of a target group.
 */
export function toDoorEvent(asked: DoorRequest): unknown {
  switch (asked.kind) {
    case 'rest':
      return toRestEvent(asked);
    case 'http-api':
      return toHttpEvent(asked);
    case 'alb':
      return toAlbEvent(asked);
    default:
      return asked.kind satisfies never;
  }
}

function toRestEvent({ request, body, stage = 'prod', basePath, iam }: DoorRequest): unknown {
  const { path: sent, query } = targetOf(request);
  const path = basePath === undefined && sent.startsWith(`/${stage}/`) ? sent.slice(stage.length + 1) : sent;
  // API Gateway leaves out the length.
  const lists = headerLists(request, ['content-length', 'connection', 'transfer-encoding']);
  lists['X-Forwarded-For'] = [sourceOf(request)];
  const parameters = decodedLists(query);
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: request.method,
    headers: lastOf(lists),
    multiValueHeaders: lists,
    queryStringParameters: orNull(lastOf(parameters)),
    multiValueQueryStringParameters: orNull(parameters),
    pathParameters: { proxy: decodeURIComponent(path.slice(1)) },
    stageVariables: null,
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      path: sent,
      stage,
      resourcePath: '/{proxy+}',
      httpMethod: request.method,
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      identity: {
        sourceIp: sourceOf(request),
        userArn: iam?.userArn ?? null,
        accountId: iam?.accountId ?? null,
        caller: iam === undefined ? null : 'AROAEXAMPLEID:session',
        userAgent: request.headers['user-agent'] ?? null,
      },
    },
    body: body.length === 0 ? null : body.toString('base64'),
    isBase64Encoded: body.length > 0,
  };
}

function toHttpEvent({ request, body, stage = 'prod' }: DoorRequest): unknown {
  const { path, query } = targetOf(request);
  const decoded = decodeURIComponent(path).split('?')[0] ?? '';
  const { cookie = [], ...headers } = headerLists(request, ['connection', 'transfer-encoding'], toLower);
  const joined = Object.entries(headers).map(([name, values]) => [name, values.join(',')]);
  const isText = /json|text/.test(request.headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decoded,
    rawQueryString: query,
    ...(cookie.length === 0 ? {} : { cookies: cookie.flatMap((value) => value.split('; ')) }),
    headers: Object.fromEntries(joined),
    requestContext: {
      accountId: '111122223333',
      stage,
      http: { method: request.method, path: decoded, protocol: 'HTTP/1.1', sourceIp: sourceOf(request), userAgent: '' },
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function toAlbEvent({ request, body, headerLists: asLists = false }: DoorRequest): unknown {
  const { path, query } = targetOf(request);
  const lists = headerLists(request, ['connection', 'transfer-encoding'], toLower);
  const before = lists['x-forwarded-for'] ?? [];
  lists['x-forwarded-for'] = [[...before, sourceOf(request)].join(', ')];
  const parameters: Lists = {};
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    parameters[name] = [...(parameters[name] ?? []), value];
  }
  const isText = /^(?:text\/|application\/(?:json|javascript|xml))/.test(request.headers['content-type'] ?? '');
  return {
    requestContext: {
      elb: {
        targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/gateway/0123456789abcdef',
      },
    },
    httpMethod: request.method,
    path,
    ...(asLists
      ? { multiValueQueryStringParameters: parameters, multiValueHeaders: lists }
      : { queryStringParameters: lastOf(parameters), headers: lastOf(lists) }),
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText && body.length > 0,
  };
}

function targetOf({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

const toLower = (name: string) => name.toLowerCase();

function headerLists(
  { rawHeaders }: IncomingMessage,
  without: readonly string[],
  toName: (name: string) => string = (name) => name,
): Lists {
  const lists: Lists = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [given = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (without.includes(given.toLowerCase())) continue;
    const name = toName(given);
    lists[name] = [...(lists[name] ?? []), value];
  }
  return lists;
}

function decodedLists(query: string): Lists {
  const lists: Lists = {};
  for (const [name, value] of new URLSearchParams(query)) lists[name] = [...(lists[name] ?? []), value];
  return lists;
}

function lastOf(lists: Lists): Record<string, string> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? '']));
}

function orNull<Value extends object>(value: Value): Value | null {
  return Object.keys(value).length === 0 ? null : value;
}

function sourceOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '127.0.0.1';
}
