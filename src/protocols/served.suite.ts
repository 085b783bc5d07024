import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AnswerEvent,
  createRequestId,
  GatewayError,
  type Protocol,
  parseModelId,
  type ReadRequest,
  type Route,
  toAnswer,
  toGatewayError,
  type WireReply,
} from '../core/index.ts';

/** What a test lets the model do. */
export type Outcome =
  | { readonly kind: 'answer'; readonly events: readonly AnswerEvent[] }
  | { readonly kind: 'blocked'; readonly message: string }
  | { readonly kind: 'fault'; readonly error: GatewayError }
  | { readonly kind: 'interrupted'; readonly events: readonly AnswerEvent[]; readonly error: GatewayError };

/** A protocol behind a real socket, with an outcome in the model's place. */
export interface Served {
  readonly origin: string;
  /** Every request read, in order. */
  readonly seen: readonly ReadRequest[];
  close(): Promise<void>;
}

export const requestId = createRequestId(1_700_000_000_000, new Uint8Array(10).fill(0xab));
export const createdAt = 1_700_000_000_123;

export async function serve(protocol: Protocol, outcome: (request: ReadRequest) => Outcome): Promise<Served> {
  const seen: ReadRequest[] = [];
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      send(response, protocol.fault(toGatewayError(error), requestId));
    }
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const route = protocol.match(request.method ?? '', path);
    if (route === undefined) throw new GatewayError('routeNotFound');
    if (route.kind !== 'invoke') {
      send(response, listing(protocol, route, query));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const read = protocol.read(route, Buffer.concat(chunks), (name) => request.headers[name]?.toString());
    seen.push(read);
    reply(response, read, outcome(read));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listing(protocol: Protocol, route: Exclude<Route, { kind: 'invoke' }>, query: string): WireReply {
  if (route.kind === 'getModel') return protocol.model(parseModelId(route.model), createdAt);
  return protocol.models([parseModelId('amazon.nova-lite-v1:0'), parseModelId('demo/model')], createdAt, query);
}

function reply(response: ServerResponse, read: ReadRequest, outcome: Outcome): void {
  if (outcome.kind === 'fault') throw outcome.error;
  const writer = read.createReply({ requestId, createdAt, model: parseModelId(read.model) });
  if (outcome.kind === 'blocked') {
    send(response, writer.blocked({ types: ['EMAIL'], message: outcome.message }, 5));
  } else if (read.stream) {
    response.writeHead(200, writer.streamHeaders);
    for (const event of outcome.events) response.write(writer.events([event], 5));
    response.end(outcome.kind === 'answer' ? writer.end(5) : writer.fault(outcome.error));
  } else {
    send(response, writer.whole(toAnswer(outcome.events), 5));
  }
}

function send(response: ServerResponse, { status, headers, body }: WireReply): void {
  response.writeHead(status, headers).end(body);
}
