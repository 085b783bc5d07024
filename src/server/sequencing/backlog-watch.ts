import type { Backlog, SharedBacklog } from '../../audit/index.ts';
import type { State } from '../../state/index.ts';
import { describeCause, type Logger, type RecordState } from '../../telemetry/index.ts';
import { systemClock } from '../system-clock.ts';
import { readDue } from './retention.ts';

/** How far the log is behind a journal that processes share, as a gateway knows it. No request waits for that. */
export interface BacklogWatch {
  /** Whether as much of the journal as may waits for the log, or nobody has been able to say how much for ten minutes. */
  isBehind(): boolean;
  state(): Pick<RecordState, 'waitingBytes' | 'isLogBehind' | 'isLogWritten' | 'lastRoundAt'>;
  /** Looks anew where that is due; for a process that was frozen, which waits only where what it knows is too old. */
  refresh(): Promise<void>;
  /** Waits for nothing that is under way: it comes to nothing. */
  close(): void;
}

interface BacklogWatchOptions {
  readonly backlog: SharedBacklog;
  /** Tells who of all looks next. */
  readonly state: Pick<State, 'marks'>;
  /** Bytes of the journal that may wait for the log, of all gateways together. */
  readonly maxJournalBytes: number;
  /** Milliseconds in which an entry that is durable has to be in the log. */
  readonly maximumMergeDelayMs: number;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** Between two looks at what was said last: a read of one small item. */
const READ_MS = 10_000;
/** Whoever takes the journal into the log is woken every minute, and says how much is left. Older than this, one looks itself. */
const SAID_MS = 2 * 60_000;
/** Of all processes one looks in so long: that reads the index of all that waits. */
const LOOK_MS = 60_000;
/** Who has not known for so long how much waits takes no more requests. */
const UNKNOWN_MS = 10 * 60_000;

/** Begins to watch, with what was said last. Where that cannot be read, it is tried again. */
export async function startBacklogWatch(options: BacklogWatchOptions): Promise<BacklogWatch> {
  const { backlog, state, maxJournalBytes, maximumMergeDelayMs, logger } = options;
  const openedAt = systemClock.now();
  const ending = new AbortController();
  let known: Backlog | undefined;
  let readAt = openedAt;
  let trying: Promise<void> | undefined;
  let isFailing = false;
  let isToldBehind = false;

  /** Milliseconds since what is known was so; a time that is to come is as far from the truth. */
  const age = () => Math.abs(systemClock.now() - (known?.time ?? openedAt));
  const isBehind = () => (known?.bytes ?? 0) >= maxJournalBytes || age() >= UNKNOWN_MS;

  async function read(): Promise<void> {
    readAt = systemClock.now();
    known = (await backlog.read()) ?? known;
  }

  async function lookWhereNobodyDid(): Promise<void> {
    if (known !== undefined && age() < SAID_MS) return;
    const due = await readDue(state, 'backlog-look', LOOK_MS);
    if (due === undefined || !(await due.note())) return;
    known = await backlog.look({ mostBytes: maxJournalBytes, signal: ending.signal });
  }

  async function readAndLook(): Promise<void> {
    await read();
    await lookWhereNobodyDid();
  }

  async function tried(work: () => Promise<void>): Promise<void> {
    const cause = await work().then(
      () => undefined,
      (error: unknown) => describeCause(error),
    );
    if (ending.signal.aborted) return;
    if (cause !== undefined && !isFailing) logger.warn('backlog not known', { cause });
    isFailing = cause !== undefined;
    const wasBehind = isToldBehind;
    isToldBehind = isBehind();
    if (isToldBehind && !wasBehind) logger.error('log behind', { bytes: known?.bytes ?? 0 });
  }

  /** One at a time. */
  function begin(work: () => Promise<void>): Promise<void> {
    trying ??= tried(work).finally(() => {
      trying = undefined;
    });
    return trying;
  }

  await begin(read);
  void begin(lookWhereNobodyDid);
  const timer = setInterval(() => void begin(readAndLook), READ_MS).unref();

  return {
    isBehind,
    state: () => ({
      waitingBytes: known?.bytes ?? 0,
      isLogBehind: isBehind(),
      isLogWritten: systemClock.now() - (known?.takenUntil ?? 0) < maximumMergeDelayMs,
      lastRoundAt: known?.takenUntil ?? 0,
    }),
    async refresh() {
      if (Math.abs(systemClock.now() - readAt) >= READ_MS) void begin(readAndLook);
      // A process that was frozen has not heard what was said meanwhile.
      if (age() >= UNKNOWN_MS) await trying;
    },
    close() {
      clearInterval(timer);
      ending.abort();
    },
  };
}
