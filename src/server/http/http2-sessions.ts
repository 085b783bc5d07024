import { constants, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';

export interface Http2Limits {
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** Milliseconds a session is kept without a request. */
  readonly idleTimeoutMs: number;
}

/** The HTTP/2 server of a port, which is given its connections, and the sessions on it. */
export interface Http2Sessions {
  readonly server: Http2Server;
  /** Sends each session a GOAWAY; it ends as its last request does. */
  close(): void;
  destroy(): void;
}

const MAX_STREAMS = 256;
/** `:method`, `:scheme`, `:authority` and `:path`, and one more, so that the first that is too many is answered. */
const PSEUDO_HEADERS = 5;
/** Requests taken back at once, and then in a second: their work is left here (CVE-2023-44487). */
const RESET_BURST = 200;
const RESETS_A_SECOND = 20;
/** PING and SETTINGS in ten seconds, each of which is answered (CVE-2019-9512, CVE-2019-9515). */
const MAX_CONTROL_FRAMES = 100;
const WINDOW_MS = 10_000;
/** Frames that are empty (CVE-2019-9518) or make the server reset (CVE-2025-8671), and streams over the limit. */
const MAX_INVALID_FRAMES = 100;

/**
 * An HTTP/2 server that cuts sessions which cost more than they ask for. What nghttp2 bounds by itself is tried by
 * test: CONTINUATION frames of one header block (CVE-2024-27316), and answers to control frames that nobody takes.
 */
export function createHttp2Sessions(limits: Http2Limits): Http2Sessions {
  const server = createServer({
    settings: { maxHeaderListSize: limits.maxHeaderBytes, maxConcurrentStreams: MAX_STREAMS, enablePush: false },
    maxHeaderListPairs: limits.maxHeaders + PSEUDO_HEADERS,
    maxSessionInvalidFrames: MAX_INVALID_FRAMES,
    maxSessionRejectedStreams: MAX_INVALID_FRAMES,
    streamResetBurst: RESET_BURST,
    streamResetRate: RESETS_A_SECOND,
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
    endIdle(session, limits.idleTimeoutMs);
    boundControlFrames(session);
  });
  return {
    server,
    close() {
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

/**
 * Ends a session that had no request for a while. Its own timeout would start anew with every PING, and with every
 * piece of a header block that never ends.
 */
function endIdle(session: ServerHttp2Session, idleTimeoutMs: number): void {
  let open = 0;
  const timer = setTimeout(() => {
    if (open === 0) session.destroy();
  }, idleTimeoutMs);
  session.once('close', () => clearTimeout(timer));
  session.on('stream', (stream: ServerHttp2Stream) => {
    open += 1;
    stream.once('close', () => {
      open -= 1;
      if (open === 0 && !session.destroyed) timer.refresh();
    });
  });
}

function boundControlFrames(session: ServerHttp2Session): void {
  const isTooMany = createRate(MAX_CONTROL_FRAMES);
  const count = () => {
    if (isTooMany()) cut(session);
  };
  session.on('ping', count);
  session.on('remoteSettings', count);
}

function cut(session: ServerHttp2Session): void {
  session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  session.destroy();
}

/** Says at each call whether there have been more than `limit` within ten seconds. */
function createRate(limit: number): () => boolean {
  let since = performance.now();
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - since >= WINDOW_MS) {
      since = now;
      count = 0;
    }
    count += 1;
    return count > limit;
  };
}
