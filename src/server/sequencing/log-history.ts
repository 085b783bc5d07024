import type { Clock } from '../../core/index.ts';
import type { RecordState } from '../../telemetry/index.ts';
import type { SequencingMessage } from './messages.ts';

/** What has become of the log since the start. */
export type LogHistory = Pick<
  RecordState,
  'isLogWritten' | 'logEntries' | 'lastRoundAt' | 'logFaults' | 'lateRounds' | 'sinkFailures'
>;

/** Keeps it, of what the log's thread says. */
export interface LogHistoryKeeper {
  /** A round went wrong, or the thread ended. */
  noteFault(): void;
  noteRound(round: Extract<SequencingMessage, { readonly kind: 'round' }>): void;
  read(): LogHistory;
}

/** `sinks` are the names of all there are. */
export function createLogHistory(sinks: readonly string[], clock: Clock): LogHistoryKeeper {
  const sinkFailures = new Map(sinks.map((name) => [name, 0]));
  let isLogWritten = true;
  let logEntries: number | undefined;
  let lastRoundAt = 0;
  let logFaults = 0;
  let lateRounds = 0;
  return {
    noteFault() {
      isLogWritten = false;
      logFaults += 1;
    },
    noteRound({ size, takenBytes, lateMs, failedSinks }) {
      isLogWritten = true;
      logEntries = size;
      if (takenBytes !== undefined) lastRoundAt = clock.now();
      if (lateMs !== undefined) lateRounds += 1;
      for (const { sink } of failedSinks) sinkFailures.set(sink, (sinkFailures.get(sink) ?? 0) + 1);
    },
    read: () => ({ isLogWritten, logEntries, lastRoundAt, logFaults, lateRounds, sinkFailures }),
  };
}
