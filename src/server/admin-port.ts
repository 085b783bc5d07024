import type { Journal, WireReply } from '../core/index.ts';
import { healthReply } from './health.ts';
import { createPort, type Port, type PortLimits } from './port.ts';
import { namesLoopback, toRequestHead } from './request-head.ts';
import { sendReply } from './send-reply.ts';

export interface AdminPortOptions {
  readonly journal: Pick<Journal, 'isAvailable'>;
  readonly isClosing: () => boolean;
  readonly limits: PortLimits;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
}

const FORBIDDEN: WireReply = { status: 403, headers: {}, body: new Uint8Array() };
const NOT_FOUND: WireReply = { ...FORBIDDEN, status: 404 };

/** The port for operators: health and readiness. */
export function createAdminPort({ journal, isClosing, limits, loopbackOnly }: AdminPortOptions): Port {
  return createPort(limits, async (request, response) => {
    const head = toRequestHead(request);
    if (loopbackOnly && !namesLoopback(head)) return sendReply(response, FORBIDDEN);
    const health = head.method === 'GET' ? healthReply(head.path, journal, isClosing) : undefined;
    sendReply(response, health ?? NOT_FOUND);
  });
}
