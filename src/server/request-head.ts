import type { IncomingMessage } from 'node:http';
import { GatewayError, type HeaderLookup, type RequestHead } from '../core/index.ts';

/** The head of a request as it came over the wire, of either HTTP version. */
export function toRequestHead(request: IncomingMessage): RequestHead {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers: [string, string][] = [];
  const { rawHeaders } = request;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? '']);
  }
  return {
    method: request.method ?? '',
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers,
    source: request.socket.remoteAddress ?? '',
  };
}

/** Throws `invalidRequest` for more headers than `most`, the `:authority` and its like of HTTP/2 aside. */
export function requireFewHeaders({ headers }: Pick<RequestHead, 'headers'>, most: number): void {
  if (headers.length <= most) return;
  if (headers.filter(([name]) => !name.startsWith(':')).length <= most) return;
  throw new GatewayError('invalidRequest', { detail: `more than ${most} headers` });
}

/** A look-up of the first header of a name. */
export function headerLookup({ headers }: Pick<RequestHead, 'headers'>): HeaderLookup {
  return (wanted) => {
    for (const header of headers) if (header[0] === wanted) return header[1];
    return undefined;
  };
}

const PORT = /:[0-9]{1,5}$/;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the Host header (`:authority` under HTTP/2) names this machine's loopback.
 *
 * A web page can point its own name at 127.0.0.1 and so reach a loopback port from a browser (DNS rebinding); its
 * requests carry that name.
 */
export function namesLoopback({ headers }: Pick<RequestHead, 'headers'>): boolean {
  let isNamed = false;
  for (const header of headers) {
    if (header[0] !== 'host' && header[0] !== ':authority') continue;
    if (!LOOPBACK_NAMES.has(header[1].replace(PORT, '').toLowerCase())) return false;
    isNamed = true;
  }
  return isNamed;
}
