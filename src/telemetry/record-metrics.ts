import type * as Prometheus from 'prom-client';

/** How the record of a running gateway stands. */
export interface RecordState {
  /** Whether no write of the journal has failed. Once one has, nothing is recorded until the gateway is started anew. */
  readonly isJournalAvailable: boolean;
  /** Bytes of its files. */
  readonly journalBytes: number;
  /** Of those, what is not in the log yet. */
  readonly waitingBytes: number;
  /** Whether the journal is at its bound: no request is taken until the log has caught up. */
  readonly isLogBehind: boolean;
  /** Whether the last try to take the journal into the log went well. */
  readonly isLogWritten: boolean;
  /** Entries in the published log. Undefined until its thread has told. */
  readonly logEntries: number | undefined;
  /** When the log last took all there was, in epoch milliseconds; 0 before that. */
  readonly lastRoundAt: number;
  readonly logFaults: number;
  /** Rounds in which entries came later into the log than their receipts promise. */
  readonly lateRounds: number;
  /** By name of a sink, how many times it did not take a checkpoint. All that are configured are in it. */
  readonly sinkFailures: ReadonlyMap<string, number>;
}

interface RecordMetricsOptions {
  readonly registry: Prometheus.Registry;
  readonly read: () => RecordState;
}

/** What is told of the record. All of it is read at the scrape: nothing is counted twice, and no request pays. */
export function registerRecord({ Counter, Gauge }: typeof Prometheus, { registry, read }: RecordMetricsOptions): void {
  const registers = [registry];

  function gauge(name: string, help: string, take: (state: RecordState) => number | undefined): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = take(read());
        // A log of no entries is not one of which nothing is known yet.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  function counter(name: string, help: string, take: (state: RecordState) => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(take(read()));
      },
    });
  }

  gauge('sallyport_log_entries', 'Entries in the published log.', ({ logEntries }) => logEntries);
  gauge('sallyport_journal_bytes', 'Bytes of the journal’s files.', (state) => state.journalBytes);
  gauge(
    'sallyport_journal_waiting_bytes',
    'Bytes of the journal that are not in the log yet.',
    (state) => state.waitingBytes,
  );
  gauge('sallyport_journal_available', '0 once a write of the journal has failed.', (state) =>
    Number(state.isJournalAvailable),
  );
  gauge('sallyport_log_behind', '1 while the journal is at its bound and requests are refused.', (state) =>
    Number(state.isLogBehind),
  );
  gauge(
    'sallyport_log_last_round_timestamp_seconds',
    'When the log last took all there was; 0 before that.',
    ({ lastRoundAt }) => lastRoundAt / 1_000,
  );
  counter('sallyport_log_faults_total', 'Tries to write the log that went wrong.', ({ logFaults }) => logFaults);
  counter(
    'sallyport_receipts_late_total',
    'Rounds in which entries came later into the log than their receipts promise.',
    ({ lateRounds }) => lateRounds,
  );
  new Counter({
    name: 'sallyport_checkpoint_sink_failures_total',
    help: 'Times that a sink did not take a checkpoint.',
    labelNames: ['sink'],
    registers,
    collect() {
      this.reset();
      for (const [sink, failures] of read().sinkFailures) this.inc({ sink }, failures);
    },
  });
}
