import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AwsService, type AwsUrls, operationOf, serviceOf, urlOf } from './aws-calls.ts';
import { type LocalServer, serveLocally } from './local-server.ts';

/** What AWS's own words of a refusal hold in tests: no caller is to read them. */
export const WORDS_OF_AWS = 'words of AWS';

/**
 * What befalls a call. `refuse`: the service's answer is this error, in the form that the service has. `cut`: its connection
 * ends before it is heard. `hold`: it is not heard, and nothing comes. `lose`: it is done, and its reply is lost.
 */
export type ProxyFault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'lose' };

/** A call as it went by. */
export interface ProxiedCall {
  /** Service and operation, such as `dynamodb PutItem journal` or `s3 PUT tile`. */
  readonly name: string;
  readonly fault: ProxyFault['kind'] | undefined;
  /** What the service itself answered; undefined where it has not heard of it, or not answered yet. */
  readonly status: number | undefined;
}

export interface PlannedFault {
  /** Which calls it befalls, by their names. */
  readonly call: string;
  /** How many go by before it; none unless given. */
  readonly after?: number;
  /** How many it befalls then; all that come unless given. */
  readonly times?: number;
  readonly fault: ProxyFault;
}

export interface FaultyProxy extends LocalServer {
  /** In the order in which they came. */
  readonly calls: ProxiedCall[];
  plan(fault: PlannedFault): void;
  /** From now on all goes through. What is held stays so until its client leaves. */
  mend(): void;
}

/** A proxy before services of AWS, which tells them apart by what requests are signed for. */
export async function startFaultyProxy(upstreams: AwsUrls): Promise<FaultyProxy> {
  const calls: { -readonly [Key in keyof ProxiedCall]: ProxiedCall[Key] }[] = [];
  let planned: { readonly plan: PlannedFault; seen: number } | undefined;

  function faultOf(name: string): ProxyFault | undefined {
    if (planned?.plan.call !== name) return undefined;
    const { after = 0, times = Number.POSITIVE_INFINITY, fault } = planned.plan;
    planned.seen += 1;
    return planned.seen > after && planned.seen <= after + times ? fault : undefined;
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const service = serviceOf(incoming.headers);
    const name = `${service} ${operationOf(service, incoming, body)}`;
    const fault = faultOf(name);
    const call: (typeof calls)[number] = { name, fault: fault?.kind, status: undefined };
    calls.push(call);
    if (fault?.kind === 'cut') incoming.socket.destroy();
    else if (fault?.kind === 'refuse') refuse(response, service, fault);
    else if (fault?.kind !== 'hold') {
      const answer = await forward(incoming, body, urlOf(upstreams, service));
      call.status = answer.statusCode;
      if (fault?.kind === 'lose') {
        answer.resume();
        await once(answer, 'end');
        incoming.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    }
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  return {
    ...(await serveLocally(server)),
    calls,
    plan(plan) {
      planned = { plan, seen: 0 };
    },
    mend() {
      planned = undefined;
    },
  };
}

function forward(incoming: IncomingMessage, body: Buffer, upstream: string): Promise<IncomingMessage> {
  const { method, headers, url } = incoming;
  const { 'transfer-encoding': _, connection: __, ...own } = headers;
  return new Promise((resolve, reject) => {
    const sent = request(`${upstream}${url}`, {
      method,
      agent: false,
      headers: { ...own, 'content-length': body.length },
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    incoming.socket.once('close', () => sent.destroy());
    sent.end(body);
  });
}

type Refusal = Extract<ProxyFault, { kind: 'refuse' }>;

function refuse(response: ServerResponse, service: AwsService, { status, code }: Refusal): void {
  const { type, body, headers } = refusalOf(service, code);
  response.writeHead(status, { 'content-type': type, ...headers }).end(body);
}

interface RefusalForm {
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function refusalOf(service: AwsService, code: string): RefusalForm {
  const said = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${WORDS_OF_AWS}</Message></Error>`;
  const json = (__type: string) => JSON.stringify({ __type, message: WORDS_OF_AWS });
  switch (service) {
    case 'dynamodb':
      return { type: 'application/x-amz-json-1.0', body: json(`com.amazonaws.dynamodb.v20120810#${code}`) };
    case 'kms':
    case 'secretsmanager':
    case 'ssm':
      return { type: 'application/x-amz-json-1.1', body: json(code) };
    case 'bedrock':
      return {
        type: 'application/json',
        body: JSON.stringify({ message: WORDS_OF_AWS }),
        headers: { 'x-amzn-errortype': `${code}:` },
      };
    case 'sts':
      return { type: 'text/xml', body: `<ErrorResponse>${said}</ErrorResponse>` };
    case 's3':
      return { type: 'application/xml', body: said };
    default:
      return service satisfies never;
  }
}
