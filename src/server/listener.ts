import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttp1, type Server as Http1Server } from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface ListenerLimits {
  /** Milliseconds from the first byte until the headers must be whole. */
  readonly headersTimeoutMs: number;
  /** Milliseconds until the whole request must be there. */
  readonly requestTimeoutMs: number;
  /** Bytes of one request's headers. */
  readonly maxHeaderBytes: number;
  /** Milliseconds an idle connection is kept. */
  readonly idleTimeoutMs: number;
}

/** One cleartext port that speaks HTTP/1.1 and, by prior knowledge (RFC 9113, section 3.3), HTTP/2. */
export interface Listener {
  /** Resolves to the port once it accepts connections. Rejects with the system's error. */
  listen(port: number, host: string): Promise<number>;
  /** Stops accepting, ends idle connections at once, the others as their requests end, and cuts the rest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

interface Connection {
  version: 'unknown' | 'http1' | 'http2';
  /** HTTP/1.1 requests that are being answered. */
  active: number;
}

interface Parts {
  readonly port: Server;
  readonly http1: Http1Server;
  readonly connections: ReadonlyMap<Socket, Connection>;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0');
const MAX_STREAMS_PER_SESSION = 256;

/**
 * Listens for both versions on one port. The AWS SDK for JavaScript speaks HTTP/2 by prior knowledge and does not fall
 * back, most other clients speak HTTP/1.1; so a connection's first bytes decide which server gets it.
 */
export function createListener(handler: RequestListener, limits: ListenerLimits): Listener {
  const http1 = createHttp1(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    },
    (request, response) => {
      count(parts, request, response);
      handler(request, response);
    },
  );
  const http2 = createHttp2({
    settings: {
      maxHeaderListSize: limits.maxHeaderBytes,
      maxConcurrentStreams: MAX_STREAMS_PER_SESSION,
      enablePush: false,
    },
  });
  http2.on('request', (request, response) => http1.emit('request', request, response));
  const sessions = trackSessions(http2, limits.idleTimeoutMs);
  const connections = new Map<Socket, Connection>();
  const port = createServer({ noDelay: true }, (socket) => {
    const connection: Connection = { version: 'unknown', active: 0 };
    connections.set(socket, connection);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    sniff(socket, limits.headersTimeoutMs, (isHttp2) => {
      connection.version = isHttp2 ? 'http2' : 'http1';
      (isHttp2 ? http2 : http1).emit('connection', socket);
    });
  });
  const parts: Parts = { port, http1, connections, sessions };
  return {
    listen: (number, host) => listen(parts, number, host),
    close: (graceMs) => close(parts, graceMs),
  };
}

/** Counts an HTTP/1.1 request to its connection, which once the port is closed ends as its last one ends. */
function count({ port, connections }: Parts, { socket }: IncomingMessage, response: ServerResponse): void {
  const connection = connections.get(socket);
  if (connection?.version !== 'http1') return;
  connection.active += 1;
  response.on('close', () => {
    connection.active -= 1;
    if (!port.listening && connection.active === 0) socket.end();
  });
}

function trackSessions(http2: Http2Server, idleTimeoutMs: number): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
    session.setTimeout(idleTimeoutMs, () => session.close());
  });
  return sessions;
}

/** Looks at the first bytes, puts them back and says whether they are HTTP/2's preface. */
function sniff(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const giveUp = setTimeout(() => socket.destroy(), timeoutMs);
  socket.once('close', () => clearTimeout(giveUp));
  socket.on('data', onData);

  function onData(chunk: Buffer): void {
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const matches = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (matches && seen.length < PREFACE.length) return;
    clearTimeout(giveUp);
    socket.off('data', onData);
    socket.pause();
    socket.unshift(seen);
    decide(matches);
    process.nextTick(() => socket.resume());
  }
}

function listen({ port, http1 }: Parts, number: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    port.once('error', reject);
    port.listen({ port: number, host, backlog: 1024 }, () => {
      port.off('error', reject);
      // An accepted socket that fails is that socket's matter; the port itself goes on.
      port.on('error', () => undefined);
      // The HTTP/1.1 server never listens itself, and would otherwise not check for slow headers and bodies.
      http1.emit('listening');
      resolve(portOf(port.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close({ port, http1, connections, sessions }: Parts, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => port.close(() => resolve()));
  http1.close();
  for (const session of sessions) session.close();
  for (const [socket, { version, active }] of connections) {
    if (version !== 'http2' && active === 0) socket.destroy();
  }
  const cut = setTimeout(() => {
    for (const session of sessions) session.destroy();
    for (const socket of connections.keys()) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cut);
}
