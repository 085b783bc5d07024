import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createRecordLog } from '../../audit/index.ts';
import { describeCause } from '../../telemetry/index.ts';
import { continueFips } from '../fips.ts';
import { openKeyRing } from '../key-ring.ts';
import { openStateSource } from '../opened-state.ts';
import { systemClock } from '../system-clock.ts';
import { readJournalSize } from './journal-size.ts';
import { END, type SequencingMessage, type SequencingTask } from './messages.ts';
import { createSink } from './sinks.ts';

// The thread that takes the journal into the log: hashing, syncing and indexing it must keep no request waiting.

const RETRY_MS = 1_000;

const { keyRingSource, stateSource, sinks, intervalMs, maximumMergeDelayMs, ...task }: SequencingTask = workerData;
const ending = new AbortController();

function say(message: SequencingMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (message) => {
  if (message === END) ending.abort();
});

continueFips();
const keyRing = await openKeyRing(keyRingSource);
const state = await openStateSource(stateSource, keyRing);
const log = createRecordLog({
  ...task,
  keyRing,
  keys: state.wrappedKeys,
  heads: state.heads,
  index: state.index,
  sinks: sinks.map(createSink),
  clock: systemClock,
});

/** Takes a batch; gives how long to wait before the next. Undefined: that was the last. */
async function round(): Promise<number | undefined> {
  const isLast = ending.signal.aborted;
  try {
    const takenBytes = await readJournalSize(task.place);
    const {
      size,
      oldestRequest = Number.POSITIVE_INFINITY,
      hasMore,
      sinkFaults,
      indexed,
      interrupted,
    } = await log.round();
    const lateMs = systemClock.now() - oldestRequest - maximumMergeDelayMs;
    say({
      kind: 'round',
      size,
      failedSinks: sinkFaults.map(({ sink, cause }) => ({ sink, cause: describeCause(cause) })),
      ...(indexed.damaged > 0 ? { damaged: indexed.damaged } : {}),
      ...(hasMore ? {} : { takenBytes }),
      ...(interrupted > 0 ? { interrupted } : {}),
      ...(lateMs > 0 ? { lateMs } : {}),
    });
    if (hasMore) return 0;
    return isLast ? undefined : intervalMs;
  } catch (error) {
    say({ kind: 'fault', cause: describeCause(error) });
    // What could not be taken stays in the journal, for the next start.
    return isLast ? undefined : RETRY_MS;
  }
}

for (let wait = await round(); wait !== undefined; wait = await round()) {
  await pause(wait, undefined, { signal: ending.signal }).catch(() => {});
}
state.close();
say({ kind: 'ended' });
parentPort?.close();
