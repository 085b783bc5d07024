import { reachOf } from '../core/index.ts';

/**
 * What is wrong with a URL as a place prompts are sent to; undefined where nothing is. It must be TLS, or no network in
 * between; credentials, a query or a fragment have no place in it. Where a name leads is known, and checked, only once
 * a connection is made.
 */
export function findEndpointProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !isPlain(url) || !isSafeTransport(url)) {
    return 'expected an `https:` URL without credentials, query or fragment; `http:` only on loopback';
  }
  if (reachOf(url.hostname) === 'forbidden') {
    return 'an address where no model is served: link-local, of a metadata service, or of no one machine';
  }
  return undefined;
}

/** Whether a URL names a private address itself, which needs the operator's word. */
export function isPrivateEndpoint(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && reachOf(url.hostname) === 'private';
}

function isPlain({ username, password, search, hash }: URL): boolean {
  return username === '' && password === '' && search === '' && hash === '';
}

/** The URL parser writes an IPv4 address in any notation as a dotted quad. */
function isSafeTransport({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (hostname === 'localhost' || reachOf(hostname) === 'loopback');
}
