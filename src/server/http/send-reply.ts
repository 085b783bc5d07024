import type { ServerResponse } from 'node:http';
import type { WireReply } from '../../core/index.ts';

/** Sends a whole answer in one write; Node leaves the body out where the method is HEAD. `headers` go out beside its own. */
export function sendReply(
  response: ServerResponse,
  { status, headers: own, body }: WireReply,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, ...own, 'content-length': body.length }).end(body);
}
