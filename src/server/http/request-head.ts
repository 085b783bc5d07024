import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../../config/index.ts';
import { GatewayError, type HeaderLookup, type RequestHead } from '../../core/index.ts';

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

export interface HeadLimits {
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
}

/**
 * Throws `invalidRequest` for a head of more headers or bytes than it may have, `:authority` and its like not counted.
 *
 * Node counts the bytes of HTTP/1.1 alone: under HTTP/2 its limit holds only once the client has acknowledged it, and a
 * table of headers makes much out of few bytes on the wire.
 */
export function requireSmallHead({ headers }: Pick<RequestHead, 'headers'>, limits: HeadLimits): void {
  let bytes = 0;
  let count = 0;
  for (const [name, value] of headers) {
    bytes += name.length + value.length;
    if (!name.startsWith(':')) count += 1;
  }
  if (count > limits.maxHeaders) throw tooLarge(`more than ${limits.maxHeaders} headers`);
  if (bytes > limits.maxHeaderBytes) throw tooLarge(`headers of more than ${limits.maxHeaderBytes} bytes`);
}

function tooLarge(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail });
}

/** A look-up of the first header of a name. */
export function headerLookup({ headers }: Pick<RequestHead, 'headers'>): HeaderLookup {
  return (wanted) => {
    for (const header of headers) if (header[0] === wanted) return header[1];
    return undefined;
  };
}

const PORT = /:[0-9]{1,5}$/;
const BRACKETS = /^\[(.*)\]$/;

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
    const host = header[1].replace(PORT, '').toLowerCase();
    if (!isLoopbackHost(host.replace(BRACKETS, '$1'))) return false;
    isNamed = true;
  }
  return isNamed;
}
