import type { WireReply } from '../core/index.ts';
import type { RecordState } from '../telemetry/index.ts';

/** What health and readiness are told from. */
export interface HealthSource {
  readonly recordState: () => Pick<RecordState, 'isJournalAvailable' | 'isLogBehind' | 'isLogWritten'>;
  /** Whether requests are still expected. */
  readonly isReady: () => boolean;
}

/**
 * The answer to `/healthz` (the process runs) and `/readyz` (it can serve: the journal takes records), or undefined for
 * any other path. Needs no credential and tells nothing else, in texts that are few and fixed.
 */
export function healthReply(path: string, { recordState, isReady }: HealthSource): WireReply | undefined {
  if (path === '/healthz') return textReply(200, 'ok');
  if (path !== '/readyz') return undefined;
  if (!isReady()) return textReply(503, 'shutting down');
  const { isJournalAvailable, isLogBehind, isLogWritten } = recordState();
  if (!isJournalAvailable) return textReply(503, 'journal unavailable');
  if (isLogBehind) return textReply(503, 'log behind');
  // Ready all the same: the journal keeps what the log has not taken.
  return textReply(200, isLogWritten ? 'ready' : 'ready, log not written');
}

function textReply(status: number, text: string): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: Buffer.from(`${text}\n`),
  };
}
