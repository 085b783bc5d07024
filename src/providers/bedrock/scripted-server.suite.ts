import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { Provider } from '../../core/index.ts';
import { createBedrock } from './bedrock.ts';
import type { BedrockOptions } from './client.ts';

/** A request as it came over the wire. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that answers as a test tells it to, where no simulator would. */
export interface ScriptedServer {
  readonly endpoint: string;
  /** Paths of the requests that came in. */
  readonly paths: readonly string[];
  /** The same, whole. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

export async function serveScript(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<ScriptedServer> {
  const paths: string[] = [];
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    await answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    received,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

/** A frame with string headers. */
export function encodeFrame(headers: Readonly<Record<string, string>>, payload: string | Uint8Array): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }])),
    body: Buffer.from(payload),
  });
}

/** A frame of an event of `ConverseStream`. */
export function encodeEvent(type: string, payload: unknown): Uint8Array {
  return encodeFrame({ ':message-type': 'event', ':event-type': type }, JSON.stringify(payload));
}

/** A frame of `InvokeModelWithResponseStream` with a model's chunk. */
export function encodeChunk(chunk: unknown): Uint8Array {
  const text = typeof chunk === 'string' ? chunk : JSON.stringify(chunk);
  return encodeEvent('chunk', { bytes: Buffer.from(text).toString('base64'), p: 'abc' });
}

/** A provider of a scripted server, with keys of no account. */
export function connectTo(endpoint: string, more: Partial<BedrockOptions> = {}): Provider {
  return createBedrock({
    name: 'bedrock',
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestTimeoutMs: 30_000,
    maxAttempts: 1,
    ...more,
  });
}
