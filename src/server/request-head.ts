import type { IncomingMessage } from 'node:http';
import type { HeaderLookup, RequestHead } from '../core/index.ts';

/** The head of a request as it came over the wire, of either HTTP version. */
export function toRequestHead(request: IncomingMessage): RequestHead {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    headers.push([(request.rawHeaders[at] ?? '').toLowerCase(), request.rawHeaders[at + 1] ?? '']);
  }
  return {
    method: request.method ?? '',
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers,
    source: request.socket.remoteAddress ?? '',
  };
}

/** A look-up of the first header of a name. */
export function headerLookup({ headers }: Pick<RequestHead, 'headers'>): HeaderLookup {
  return (wanted) => headers.find(([name]) => name === wanted)?.[1];
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the Host header (`:authority` under HTTP/2) names this machine's loopback.
 *
 * A web page can point its own name at 127.0.0.1 and so reach a loopback port from a browser (DNS rebinding); its
 * requests carry that name.
 */
export function namesLoopback({ headers }: Pick<RequestHead, 'headers'>): boolean {
  const hosts = headers.filter(([name]) => name === 'host' || name === ':authority');
  return (
    hosts.length > 0 && hosts.every(([, value]) => LOOPBACK_NAMES.has(value.replace(/:[0-9]{1,5}$/, '').toLowerCase()))
  );
}
