import { isIPv4 } from 'node:net';

/**
 * Whether prompts may be sent to a URL: TLS, or no network in between. Credentials, a query or a fragment have no
 * place in an endpoint.
 */
export function isSafeEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** `hostname` as the URL parser writes it: an IPv4 address in any notation is a dotted quad by now. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
