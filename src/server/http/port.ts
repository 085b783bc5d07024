import type { IncomingMessage, ServerResponse } from 'node:http';
import { createListener, type ListenerLimits, type ListenerOptions } from './listener.ts';

export type PortLimits = ListenerLimits;

/** A handler whose client was cut off records that before it settles; one that never does is not waited for. */
const SETTLE_MS = 5_000;

/** A listening HTTP port. */
export interface Port {
  /** Resolves to the port number. Rejects with the system's error where the port or the host cannot be had. */
  listen(port: number, host: string): Promise<number>;
  /** From now on every answer over HTTP/1.1 is the last on its connection, so that clients turn elsewhere. */
  drain(): void;
  /** Closes as the listener does, and resolves once what was cut off is dealt with. */
  close(graceMs: number): Promise<void>;
}

/** Answers one request of either HTTP version; its path is as it came over the wire, its body unread. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A port whose every request goes to `handle`, whatever its method and path. One that rejects is answered with a bare
 * 500, or cut off where its answer has begun: what it says of itself reaches nobody.
 */
export function createPort(options: ListenerOptions, handle: RequestHandler): Port {
  let active = 0;
  let settle: (() => void) | undefined;
  const run: RequestHandler = async (request, response) => {
    active += 1;
    try {
      await handle(request, response);
    } catch {
      breakOff(response);
    } finally {
      active -= 1;
      if (active === 0) settle?.();
    }
  };
  const listener = createListener((request, response) => void run(request, response), options);
  return {
    ...listener,
    async close(graceMs) {
      await listener.close(graceMs);
      if (active === 0) return;
      await new Promise<void>((resolve) => {
        const giveUp = setTimeout(resolve, SETTLE_MS);
        settle = () => {
          clearTimeout(giveUp);
          resolve();
        };
      });
    },
  };
}

function breakOff(response: ServerResponse): void {
  // With an error, since HTTP/2 would end the stream of half an answer as it ends that of a whole one.
  if (response.headersSent) response.destroy(new Error('the answer broke off'));
  else response.writeHead(500, { 'content-length': 0 }).end();
}
