import type { Journal, WireReply } from '../core/index.ts';
import { healthReply } from './health.ts';
import type { ListenerOptions } from './http/listener.ts';
import { createPort, type Port } from './http/port.ts';
import { namesLoopback, toRequestHead } from './http/request-head.ts';
import { sendReply } from './http/send-reply.ts';

export interface AdminPortOptions extends ListenerOptions {
  readonly journal: Pick<Journal, 'isAvailable'>;
  /** Whether requests are still expected. */
  readonly isReady: () => boolean;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
}

const FORBIDDEN: WireReply = { status: 403, headers: {}, body: new Uint8Array() };
const NOT_FOUND: WireReply = { ...FORBIDDEN, status: 404 };

/** The port for operators: health and readiness. */
export function createAdminPort(options: AdminPortOptions): Port {
  const { journal, isReady, loopbackOnly } = options;
  return createPort(options, async (request, response) => {
    const head = toRequestHead(request);
    if (loopbackOnly && !namesLoopback(head)) return sendReply(response, FORBIDDEN);
    const health = head.method === 'GET' ? healthReply(head.path, journal, isReady) : undefined;
    sendReply(response, health ?? NOT_FOUND);
  });
}
