import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { createListener, type Listener, type ListenerLimits } from './listener.ts';

export type PortLimits = ListenerLimits;

/** A listening HTTP port. */
export interface Port {
  /** Resolves to the port number. Rejects with the system's error where the port or the host cannot be had. */
  listen(port: number, host: string): Promise<number>;
  close(graceMs: number): Promise<void>;
}

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * A port whose every request goes to `handle`, with raw path and unread body: the router decodes, and what a
 * signature covers is what came over the wire.
 */
export function createPort(
  limits: PortLimits,
  handle: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): Port {
  let listener: Listener | undefined;
  const app = fastify({
    serverFactory(handler: (request: IncomingMessage, response: ServerResponse) => void): Server {
      listener = createListener(handler, limits);
      return listener.server;
    },
    exposeHeadRoutes: false,
    frameworkErrors: (_error, request, reply) => handle(request, reply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.route({ method: METHODS, url: '*', handler: handle });
  app.setNotFoundHandler(handle);
  return {
    async listen(port, host) {
      await app.ready();
      if (listener === undefined) throw new Error('the HTTP framework made no server');
      return listener.listen(port, host);
    },
    async close(graceMs) {
      await listener?.close(graceMs);
    },
  };
}
