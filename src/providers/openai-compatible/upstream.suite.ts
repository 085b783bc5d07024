import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type AnswerEvent,
  type Cleared,
  createRequestId,
  type Exchange,
  GatewayError,
  inspect,
  type Provider,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
} from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A model server that answers as a test says. */
export interface Upstream extends AsyncDisposable {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** How many connections were opened. */
  readonly connections: number;
}

export type Script = (response: ServerResponse, received: Received) => void | Promise<void>;

export async function startUpstream(script: Script): Promise<Upstream> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const entry = { path: request.url ?? '', headers: request.headers, body: await readText(request) };
    received.push(entry);
    await script(response, entry);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    received,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/** An exchange as it comes from a request of the OpenAI protocol. */
export function toExchange(body: object): Exchange {
  const operation = 'input' in body ? 'embeddings' : 'chat.completions';
  const read = openaiProtocol.read({ kind: 'invoke', operation }, Buffer.from(JSON.stringify(body)), () => undefined);
  return {
    id: createRequestId(Date.now(), randomBytes(10)),
    caller: {
      tenant: parseTenantId('demo'),
      principal: parsePrincipalId('developer'),
      credentialId: 'key',
      credentialKind: 'apiKey',
    },
    protocol: 'openai',
    operation,
    action: read.stream ? 'InvokeModelWithResponseStream' : 'InvokeModel',
    model: { id: parseModelId(read.model), provider: 'local', providerModelId: 'llama-3' },
    request: read.request,
    parts: read.parts,
    findings: [],
  };
}

/** The exchange as the pipeline hands it on. */
export async function clear(exchange: Exchange): Promise<Cleared> {
  const decision = await inspect([{ name: 'pass', timeoutMs: 1_000, run: () => ({ kind: 'pass' }) }], exchange);
  if (decision.kind !== 'allow') throw new GatewayError('internal');
  return decision.exchange;
}

const messages = [{ role: 'user', content: 'hello' }];

/** A cleared chat. */
export function chat(options: { readonly stream: boolean }): Promise<Cleared> {
  return clear(toExchange({ model: 'demo', messages, ...options }));
}

/** All events of a call, in order. */
export async function gather(provider: Provider, exchange: Cleared): Promise<readonly AnswerEvent[]> {
  const { events } = await provider.invoke(exchange, new AbortController().signal);
  return (await Array.fromAsync(events)).flat();
}

/** What a promise rejects with. */
export async function faultOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error('no fault', { cause: error });
  return error;
}

/** A chunk of a streamed answer, as an event. */
export function toEvent(delta: object, rest: object = {}): string {
  const choice = { index: 0, delta, logprobs: null, finish_reason: null, ...rest };
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [choice] })}\n\n`;
}

export const ending = `${toEvent({}, { finish_reason: 'stop' })}data: [DONE]\n\n`;

/** A whole answer. */
export function toCompletion(message: object, rest: object = {}): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    ...rest,
  });
}
