import type { WireReply } from '../core/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { type HealthSource, healthReply } from './health.ts';
import type { ListenerOptions } from './http/listener.ts';
import { createPort, type Port } from './http/port.ts';
import { namesLoopback, toRequestHead } from './http/request-head.ts';
import { sendReply } from './http/send-reply.ts';

export interface AdminPortOptions extends ListenerOptions, HealthSource {
  readonly metrics: Pick<Metrics, 'expose'>;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
}

const FORBIDDEN: WireReply = { status: 403, headers: {}, body: new Uint8Array() };
const NOT_FOUND: WireReply = { ...FORBIDDEN, status: 404 };

/** The port for operators: health, readiness and metrics. */
export function createAdminPort(options: AdminPortOptions): Port {
  const { metrics, loopbackOnly } = options;
  return createPort(options, async (request, response) => {
    const head = toRequestHead(request);
    if (loopbackOnly && !namesLoopback(head)) return sendReply(response, FORBIDDEN);
    if (head.method !== 'GET') return sendReply(response, NOT_FOUND);
    if (head.path === '/metrics') return sendReply(response, await metricsReply(metrics));
    sendReply(response, healthReply(head.path, options) ?? NOT_FOUND);
  });
}

async function metricsReply(metrics: AdminPortOptions['metrics']): Promise<WireReply> {
  const { contentType, text } = await metrics.expose();
  return {
    status: 200,
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
    body: Buffer.from(text),
  };
}
