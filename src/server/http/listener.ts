import type { RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttp1, type Server as Http1Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type AcceptLimits, type Acceptor, type AcceptorOptions, createAcceptor } from './acceptor.ts';
import { type AnswersUnderWay, createAnswersUnderWay } from './answers-under-way.ts';
import { createHttp2Sessions, type Http2Limits, type Http2Sessions } from './http2-sessions.ts';

export interface ListenerLimits extends AcceptLimits, Http2Limits {
  /** Milliseconds from the first byte until the headers must be whole. */
  readonly headersTimeoutMs: number;
  /** Milliseconds until the whole request must be there. */
  readonly requestTimeoutMs: number;
  /** Bytes of one request's headers. */
  readonly maxHeaderBytes: number;
  /** Milliseconds an idle connection is kept, and an answer that is whole waits for its client. */
  readonly idleTimeoutMs: number;
}

export type ListenerOptions = AcceptorOptions & { readonly limits: ListenerLimits };

/**
 * One port that speaks HTTP/1.1 and HTTP/2: over TLS what ALPN agreed on, in cleartext HTTP/2 by prior knowledge
 * (RFC 9113, section 3.3).
 */
export interface Listener {
  /** Resolves to the port once it accepts connections. Rejects with the system's error. */
  listen(port: number, host: string): Promise<number>;
  /** From now on every answer over HTTP/1.1 is the last on its connection. */
  drain(): void;
  /** Stops accepting, ends idle connections at once, the others as their requests end, and cuts the rest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Requests of one HTTP/1.1 connection that wait for their answers. */
const MAX_PIPELINED = 64;

interface Connection {
  readonly isHttp2: boolean;
  /** HTTP/1.1 requests that are being answered. */
  active: number;
}

interface Parts {
  readonly acceptor: Acceptor;
  readonly http1: Http1Server;
  readonly sessions: Http2Sessions;
  readonly connections: ReadonlyMap<Socket, Connection>;
  readonly answers: AnswersUnderWay;
  isDraining: boolean;
}

/**
 * Listens for both versions on one port. The AWS SDK for JavaScript speaks HTTP/2 by prior knowledge and does not fall
 * back, most other clients speak HTTP/1.1; so a connection's first bytes decide which server gets it.
 */
export function createListener(handler: RequestListener, options: ListenerOptions): Listener {
  const { limits } = options;
  const onRequest: RequestListener = (request, response) => {
    const connection = connections.get(request.socket);
    if (connection !== undefined && request.httpVersionMajor !== 1) return refuseVersion(response);
    // Nobody who waits for answers sends so much ahead of them: HTTP/2 has its bound on streams, this is the other's.
    if (connection !== undefined && connection.active >= MAX_PIPELINED) return void request.socket.destroy();
    follow(parts, response, request.socket);
    handler(request, response);
  };
  const http1 = createHttp1(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    },
    onRequest,
  );
  // Beyond a maximum Node would leave headers out unsaid, a second credential among them. They are counted by the port.
  http1.maxHeadersCount = 0;
  // A body is not asked for before its credential has been looked at.
  http1.on('checkContinue', onRequest);
  const sessions = createHttp2Sessions(limits);
  for (const event of ['request', 'checkContinue'] as const) {
    // What came in one read is read first: a request that is taken back in the same breath is none (CVE-2023-44487).
    sessions.server.on(event, (request, response) => {
      process.nextTick(() => {
        if (!response.stream.destroyed) http1.emit('request', request, response);
      });
    });
  }
  const connections = new Map<Socket, Connection>();
  const acceptor = createAcceptor(options, (socket, isHttp2) => {
    connections.set(socket, { isHttp2, active: 0 });
    socket.once('close', () => connections.delete(socket));
    (isHttp2 ? sessions.server : http1).emit('connection', socket);
  });
  const answers = createAnswersUnderWay(limits.idleTimeoutMs);
  const parts: Parts = { acceptor, http1, sessions, connections, answers, isDraining: false };
  return {
    listen: (number, host) => listen(parts, number, host),
    drain() {
      parts.isDraining = true;
    },
    close: (graceMs) => close(parts, graceMs),
  };
}

/** What says HTTP/2.0 in the text of HTTP/1.1, or no version at all as HTTP/0.9 did, would be taken for what it is not. */
function refuseVersion(response: ServerResponse): void {
  response.writeHead(505, { 'content-length': 0, connection: 'close' }).end();
}

/** Follows an answer. An HTTP/1.1 connection ends, once the port is closed, as the last of its requests ends. */
function follow({ acceptor, connections, answers, isDraining }: Parts, response: ServerResponse, socket: Socket): void {
  // Under HTTP/2 the socket of a request stands for its stream, and is no connection of ours.
  const connection = connections.get(socket);
  if (connection !== undefined) {
    connection.active += 1;
    if (isDraining) response.shouldKeepAlive = false;
  }
  answers.follow(response, () => {
    if (connection === undefined) return;
    connection.active -= 1;
    if (!acceptor.server.listening && connection.active === 0) socket.end();
  });
}

function listen({ acceptor: { server }, http1 }: Parts, number: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: number, host, backlog: 1024 }, () => {
      server.off('error', reject);
      // An accepted socket that fails is that socket's matter; the port itself goes on.
      server.on('error', () => undefined);
      // The HTTP/1.1 server never listens itself, and would otherwise not check for slow headers and bodies.
      http1.emit('listening');
      resolve(portOf(server.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(parts: Parts, graceMs: number): Promise<void> {
  const { acceptor, http1, sessions, connections, answers } = parts;
  parts.isDraining = true;
  const closed = new Promise<void>((resolve) => acceptor.server.close(() => resolve()));
  http1.close();
  sessions.close();
  for (const socket of acceptor.undecided) socket.destroy();
  for (const [socket, { isHttp2, active }] of connections) if (!isHttp2 && active === 0) socket.destroy();
  const cut = setTimeout(() => {
    sessions.destroy();
    for (const socket of connections.keys()) socket.destroy();
    for (const socket of acceptor.undecided) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cut);
  answers.close();
}
