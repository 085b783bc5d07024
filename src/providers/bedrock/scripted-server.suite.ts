import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/eventstream-codec';

/** A server that answers as a test tells it to, where no simulator would. */
export interface ScriptedServer {
  readonly endpoint: string;
  /** Paths of the requests that came in. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

export async function serveScript(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<ScriptedServer> {
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '');
    request.resume();
    await once(request, 'end');
    await answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
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
