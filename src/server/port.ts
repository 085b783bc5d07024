import type { IncomingMessage, ServerResponse } from 'node:http';
import { createListener, type ListenerLimits, type ListenerOptions } from './listener.ts';

export type PortLimits = ListenerLimits;

/** A listening HTTP port. */
export interface Port {
  /** Resolves to the port number. Rejects with the system's error where the port or the host cannot be had. */
  listen(port: number, host: string): Promise<number>;
  /** From now on every answer over HTTP/1.1 is the last on its connection, so that clients turn elsewhere. */
  drain(): void;
  close(graceMs: number): Promise<void>;
}

/** Answers one request of either HTTP version; its path is as it came over the wire, its body unread. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A port whose every request goes to `handle`, whatever its method and path. One that rejects is answered with a bare
 * 500, or cut off where its answer has begun: what it says of itself reaches nobody.
 */
export function createPort(options: ListenerOptions, handle: RequestHandler): Port {
  return createListener((request, response) => {
    handle(request, response).catch(() => breakOff(response));
  }, options);
}

function breakOff(response: ServerResponse): void {
  // With an error, since HTTP/2 would end the stream of half an answer as it ends that of a whole one.
  if (response.headersSent) response.destroy(new Error('the answer broke off'));
  else response.writeHead(500, { 'content-length': 0 }).end();
}
