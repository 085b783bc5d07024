import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AwsService, type AwsUrls, operationOf, serviceOf, urlOf } from '../../tools/aws-calls.ts';
import { type LocalServer, serveLocally } from '../../tools/local-server.ts';
import { NOTHING, type Units, unitsOf, withConsumption } from './capacity.ts';
import type { Interval } from './intervals.ts';

/** A call of a service as it went by: from its first byte here to the last of its answer, by `performance.now()`. */
export interface CountedCall extends Interval {
  readonly service: AwsService;
  /** Service, operation and what it is about, such as `dynamodb PutItem journal`, `s3 PUT tile` or `s3 LIST`. */
  readonly name: string;
  readonly status: number;
  /** Of DynamoDB. */
  readonly units: Units;
}

export interface CountingProxy extends LocalServer {
  /** Those since the last time, in the order in which they ended. */
  take(): readonly CountedCall[];
}

/** A proxy before services of AWS that tells what each call took. It hands on both bodies whole, not as they come. */
export async function startCountingProxy(upstreams: AwsUrls): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  let calls: CountedCall[] = [];

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = performance.now();
    const asked = await bytesOf(incoming);
    const service = serviceOf(incoming.headers);
    const operation = isListing(service, incoming) ? 'LIST' : operationOf(service, incoming, asked);
    const body = service === 'dynamodb' ? withConsumption(asked) : asked;
    const answer = await forward({ incoming, body, upstream: urlOf(upstreams, service), agent });
    const { statusCode: status = 502, headers } = answer;
    response.writeHead(status, headers);
    const answered: Buffer[] = [];
    for await (const chunk of answer) {
      answered.push(chunk);
      response.write(chunk);
    }
    response.end();
    const to = performance.now();
    const units = service === 'dynamodb' ? unitsOf(operation, { asked, answered: Buffer.concat(answered) }) : NOTHING;
    calls.push({ from, to, service, name: `${service} ${operation}`, status, units });
  }

  const local = await serveLocally(
    createServer((incoming, response) => {
      handle(incoming, response).catch(() => incoming.socket.destroy());
    }),
  );
  return {
    ...local,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    async close() {
      await local.close();
      agent.destroy();
    },
  };
}

/** What S3 lists, it is asked for with GET, and has another price than what it gives. */
function isListing(service: AwsService, { method, url = '' }: IncomingMessage): boolean {
  return service === 's3' && method === 'GET' && /[?&](?:list-type|versions|uploads)\b/.test(url);
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Forwarded {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  readonly upstream: string;
  readonly agent: Agent;
}

function forward({ incoming, body, upstream, agent }: Forwarded): Promise<IncomingMessage> {
  const { method, headers, url } = incoming;
  const { 'transfer-encoding': _, connection: __, ...own } = headers;
  return new Promise((resolve, reject) => {
    const sent = request(`${upstream}${url}`, {
      method,
      agent,
      headers: { ...own, 'content-length': body.length },
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}
