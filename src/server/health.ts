import type { Journal, WireReply } from '../core/index.ts';

/**
 * The answer to `/healthz` (the process runs) and `/readyz` (it can serve: the journal takes records), or undefined for
 * any other path. Needs no credential and tells nothing else.
 */
export function healthReply(
  path: string,
  journal: Pick<Journal, 'isAvailable'>,
  isReady: () => boolean,
): WireReply | undefined {
  if (path === '/healthz') return textReply(200, 'ok');
  if (path !== '/readyz') return undefined;
  if (!isReady()) return textReply(503, 'shutting down');
  return journal.isAvailable() ? textReply(200, 'ready') : textReply(503, 'journal unavailable');
}

function textReply(status: number, text: string): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: Buffer.from(`${text}\n`),
  };
}
