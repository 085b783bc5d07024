import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { toNetwork } from '../../identity/index.ts';
import { sniff } from './sniff.ts';
import type { Certificates } from './tls-certificates.ts';

export interface AcceptLimits {
  /** Milliseconds from the connection's begin until it is known what it speaks. */
  readonly headersTimeoutMs: number;
  /** Open connections of one address, or of one IPv6 network of 64 bits. */
  readonly maxConnectionsPerSource: number;
}

export interface AcceptorOptions {
  readonly limits: AcceptLimits;
  /** Without them the port speaks cleartext. */
  readonly certificates?: Certificates;
  /** Told of each connection that is turned away. */
  readonly onTurnedAway?: () => void;
}

/** A port's server, and the connections of which it is not yet known what they speak. */
export interface Acceptor {
  readonly server: Server;
  readonly undecided: ReadonlySet<Socket>;
}

/** Accepts connections, in cleartext or over TLS, and gives each to `use` with the version of HTTP it speaks. */
export function createAcceptor(options: AcceptorOptions, use: (socket: Socket, isHttp2: boolean) => void): Acceptor {
  const undecided = new Set<Socket>();
  const isAdmitted = createAdmission(options);
  const { certificates } = options;
  const timeoutMs = options.limits.headersTimeoutMs;
  if (certificates !== undefined) {
    return { undecided, server: createSecureServer({ certificates, timeoutMs, isAdmitted, undecided }, use) };
  }
  const server = createServer({ noDelay: true }, (socket) => {
    if (!isAdmitted(socket)) return;
    hold(undecided, socket);
    sniff(socket, timeoutMs, (isHttp2) => {
      undecided.delete(socket);
      use(socket, isHttp2);
    });
  });
  return { server, undecided };
}

/** Counts connections by source and turns away what is over the limit, before a byte of it is read. */
function createAdmission({ limits, onTurnedAway }: AcceptorOptions): (socket: Socket) => boolean {
  const counts = new Map<string, number>();
  return (socket) => {
    const source = toNetwork(socket.remoteAddress ?? '');
    const count = counts.get(source) ?? 0;
    if (count >= limits.maxConnectionsPerSource) {
      socket.destroy();
      onTurnedAway?.();
      return false;
    }
    counts.set(source, count + 1);
    socket.once('close', () => {
      const left = (counts.get(source) ?? 0) - 1;
      if (left > 0) counts.set(source, left);
      else counts.delete(source);
    });
    return true;
  };
}

function hold(undecided: Set<Socket>, socket: Socket): void {
  undecided.add(socket);
  socket.once('close', () => undecided.delete(socket));
  socket.on('error', () => socket.destroy());
}

interface SecureOptions {
  readonly certificates: Certificates;
  readonly timeoutMs: number;
  readonly isAdmitted: (socket: Socket) => boolean;
  readonly undecided: Set<Socket>;
}

function createSecureServer(
  { certificates, timeoutMs, isAdmitted, undecided }: SecureOptions,
  use: (socket: Socket, isHttp2: boolean) => void,
): Server {
  const server = createTlsServer(
    {
      ...certificates.current(),
      noDelay: true,
      ALPNProtocols: ['h2', 'http/1.1'],
      requestCert: certificates.clientCertificates !== 'none',
      rejectUnauthorized: certificates.clientCertificates === 'required',
      handshakeTimeout: timeoutMs,
    },
    (socket) => {
      const raw = shaking.get(peerOf(socket));
      if (raw !== undefined) undecided.delete(raw);
      socket.on('error', () => socket.destroy());
      if (!isTrusted(socket)) socket.destroy();
      // Without ALPN it is HTTP/1.1: over TLS, HTTP/2 is spoken only where it was agreed on (RFC 9113, section 3.2).
      else use(socket, socket.alpnProtocol === 'h2');
    },
  );
  certificates.onRenewed((context) => server.setSecureContext(context));
  // The TLS socket does not tell which connection it runs on, and the two have their peer in common.
  const shaking = new Map<string, Socket>();
  server.on('connection', (raw: Socket) => {
    if (!isAdmitted(raw)) return;
    const peer = peerOf(raw);
    shaking.set(peer, raw);
    raw.once('close', () => shaking.delete(peer));
    hold(undecided, raw);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Whether a client showed no certificate although it may, or a good one. */
function isTrusted(socket: TLSSocket): boolean {
  return socket.authorized || socket.getPeerX509Certificate() === undefined;
}
