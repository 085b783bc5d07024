import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type AnswerEvent,
  type Cleared,
  createRequestId,
  type Exchange,
  GatewayError,
  type InvokingAction,
  inspect,
  type ModelRequest,
  type Provider,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
  type ReadRequest,
  type RequestId,
  type Stage,
  toAnswer,
  toGatewayError,
  type WireReply,
} from '../../core/index.ts';
import { bedrockProtocol } from '../../protocols/index.ts';
import { createSimulator, type SimulatorOptions } from './simulator.ts';
import { fromWireProofs, toWireProofs } from './wire-proofs.ts';

export interface SimulatorEndpointOptions extends Pick<SimulatorOptions, 'sleep'> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Is shown each request as it was received. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** A request as it came over the wire. */
export interface ReceivedRequest {
  /** Under which it is answered. */
  readonly requestId: RequestId;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
}

export interface SimulatorEndpoint {
  /** Base URL, such as `http://127.0.0.1:8123`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Serves the simulator as an Amazon Bedrock Runtime endpoint, with every operation the protocol reads, over HTTP/1.1.
 *
 * For tests and benchmarks. It verifies no credential and inspects nothing, so it listens on the loopback alone; what
 * stands before it has inspected already.
 */
export async function createSimulatorEndpoint(options: SimulatorEndpointOptions = {}): Promise<SimulatorEndpoint> {
  const { sleep, onRequest } = options;
  const simulator = createSimulator({ name: 'simulator', ...(sleep === undefined ? {} : { sleep }) });
  const server = createServer((request, response) => {
    void serve(request, response, { simulator, onRequest });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Serving {
  readonly simulator: Provider;
  readonly onRequest: SimulatorEndpointOptions['onRequest'];
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const id = createRequestId(Date.now(), randomBytes(10));
  const hangUp = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) hangUp.abort();
  });
  try {
    const read = await receive(request, id, serving.onRequest);
    await answer({ id, read, response, signal: hangUp.signal }, serving.simulator);
  } catch (error) {
    if (hangUp.signal.aborted) return;
    send(response, bedrockProtocol.fault(toGatewayError(error), id));
  }
}

async function receive(
  message: IncomingMessage,
  requestId: RequestId,
  onRequest: Serving['onRequest'],
): Promise<ReadRequest> {
  const { method = '', url: path = '', headers } = message;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  onRequest?.({ requestId, path, headers, body });
  const route = bedrockProtocol.match(method, path);
  if (route?.kind !== 'invoke') throw new GatewayError('routeNotFound');
  return bedrockProtocol.read(route, body, (name) =>
    // Bedrock only logs it, while the protocol refuses what would go unmet.
    name === 'x-amzn-bedrock-request-metadata' ? undefined : headers[name]?.toString(),
  );
}

interface Call {
  readonly id: RequestId;
  readonly read: ReadRequest;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

async function answer({ id, read, response, signal }: Call, simulator: Provider): Promise<void> {
  const startedAt = Date.now();
  const writer = read.createReply({ requestId: id, createdAt: startedAt, model: parseModelId(read.model) });
  const { events } = await simulator.invoke(await clear(id, read), signal);
  if (!read.stream) {
    const all: AnswerEvent[] = [];
    for await (const batch of events) all.push(...toWireProofs(batch));
    send(response, writer.whole(toAnswer(all), Date.now() - startedAt));
    return;
  }
  response.writeHead(200, writer.streamHeaders);
  try {
    for await (const batch of events) {
      if (!response.write(writer.events(toWireProofs(batch), Date.now() - startedAt)))
        await once(response, 'drain', { signal });
    }
    response.end(writer.end(Date.now() - startedAt));
  } catch (error) {
    response.end(writer.fault(toGatewayError(error)));
  }
}

/** The one stage of an endpoint that inspects nothing. */
const pass: Stage = { name: 'pass', timeoutMs: 1_000, run: () => ({ kind: 'pass' }) };

async function clear(id: RequestId, { model, stream, request, parts }: ReadRequest): Promise<Cleared> {
  const exchange: Exchange = {
    id,
    caller: {
      tenant: parseTenantId('simulator'),
      principal: parsePrincipalId('anyone'),
      credentialId: '',
      credentialKind: 'sigv4',
    },
    protocol: 'bedrock',
    operation: stream ? 'ConverseStream' : 'Converse',
    action: toAction(request, stream),
    model: { id: parseModelId(model), provider: 'simulator', providerModelId: model },
    request: fromWireProofs(request),
    parts,
    findings: [],
  };
  const decision = await inspect([pass], exchange);
  if (decision.kind !== 'allow') throw new GatewayError('inspectionFailed');
  return decision.exchange;
}

function toAction({ kind }: ModelRequest, stream: boolean): InvokingAction {
  if (kind === 'tokenCount') return 'CountTokens';
  return stream ? 'InvokeModelWithResponseStream' : 'InvokeModel';
}

function send(response: ServerResponse, { status, headers, body }: WireReply): void {
  response.writeHead(status, headers).end(body);
}
