import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { RequestHead } from '../core/index.ts';

/** A request as it came off a socket. */
export interface Received {
  readonly head: RequestHead;
  readonly body: Buffer;
}

/** A server that answers every request with an empty object and keeps the last one. */
export interface Recorder {
  readonly endpoint: string;
  /** Undefined before the first. */
  last(): Received | undefined;
  close(): void;
}

/** Listens for one HTTP version, in the clear. */
export async function startRecorder(version: 'HTTP/1.1' | 'HTTP/2'): Promise<Recorder> {
  let received: Received | undefined;
  const sockets = new Set<{ destroy(): void }>();
  const answer = async (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received = { head: toHead(request), body: Buffer.concat(chunks) };
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  };
  const server: Server = version === 'HTTP/2' ? createHttp2Server(answer) : createServer(answer);
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    last: () => received,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function toHead({ method, url, rawHeaders }: IncomingMessage | Http2ServerRequest): RequestHead {
  // The operations of Amazon Bedrock take no query.
  const path = String(url);
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.push([String(rawHeaders[at]).toLowerCase(), String(rawHeaders[at + 1])]);
  }
  return { method: String(method), path, query: '', headers, source: '127.0.0.1' };
}
