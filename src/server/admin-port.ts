import type { Journal } from '../core/index.ts';
import { healthReply } from './health.ts';
import { createPort, type Port, type PortLimits } from './port.ts';
import { namesLoopback, toRequestHead } from './request-head.ts';

export interface AdminPortOptions {
  readonly journal: Pick<Journal, 'isAvailable'>;
  readonly isClosing: () => boolean;
  readonly limits: PortLimits;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
}

/** The port for operators: health and readiness. */
export function createAdminPort({ journal, isClosing, limits, loopbackOnly }: AdminPortOptions): Port {
  return createPort(limits, async (request, reply) => {
    const head = toRequestHead(request.raw);
    if (loopbackOnly && !namesLoopback(head)) {
      await reply.code(403).send();
      return;
    }
    const health = head.method === 'GET' ? healthReply(head.path, journal, isClosing) : undefined;
    if (health === undefined) await reply.code(404).send();
    else
      await reply
        .code(health.status)
        .headers({ ...health.headers })
        .send(health.body);
  });
}
