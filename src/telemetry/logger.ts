import { openSync } from 'node:fs';
import { destination as openDestination } from 'pino';
import type { FaultCode, FindingCounts, ProtocolName, RequestId } from '../core/index.ts';

/**
 * Everything a log line may hold: ids, sizes, times and decision codes.
 *
 * INVARIANT: no field takes text of a request or an answer, nor any text a caller chose, but for the 32 hexadecimal digits
 * of a trace id. What is not named here is dropped, so that a new field is a decision made in this file.
 */
export interface LogFields {
  readonly requestId?: RequestId;
  /** The caller's (W3C Trace Context); 32 hexadecimal digits. */
  readonly traceId?: string;
  readonly tenant?: string;
  readonly principal?: string;
  readonly credentialId?: string;
  readonly protocol?: ProtocolName;
  readonly operation?: string;
  readonly model?: string;
  readonly outcome?: 'complete' | 'blocked' | 'interrupted' | 'failed' | 'refused';
  readonly code?: FaultCode;
  readonly status?: number;
  readonly findings?: FindingCounts;
  readonly durationMs?: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** The chain of error class names and system codes (`GatewayError < Error:ENOSPC`); never their messages. */
  readonly cause?: string;
  readonly endpoint?: string;
  readonly adminEndpoint?: string;
  /** Name of a provider, as the configuration has it. */
  readonly provider?: string;
  /** Which port a line is about. */
  readonly port?: 'data' | 'admin';
  /** ISO 8601. */
  readonly certificateExpires?: string;
  readonly version?: string;
  readonly count?: number;
  readonly bytesTornOff?: number;
  readonly bytes?: number;
  /** Name of a checkpoint sink, as the configuration has it. */
  readonly sink?: string;
}

export type LogEvent =
  | 'started'
  | 'stopping'
  | 'certificate loaded'
  | 'certificate kept'
  | 'fips provider active'
  | 'fips provider not active'
  | 'secret not read'
  | 'role not assumed'
  | 'step'
  | 'step failed'
  | 'cleartext beyond loopback'
  | 'connections refused'
  | 'stopped'
  | 'request'
  | 'journal repaired'
  | 'log behind'
  | 'backlog not known'
  | 'log not read'
  | 'log not written'
  | 'log written again'
  | 'log stopped'
  | 'receipts kept late'
  | 'checkpoint not kept'
  | 'records not indexed'
  | 'records removed'
  | 'records not removed'
  | 'checkpoint kept again'
  | 'exchanges closed as interrupted'
  | 'invocation out of time'
  | 'internal fault';

export interface Logger {
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  error(event: LogEvent, fields?: LogFields): void;
  flush(): void;
  /** Writes what waits and closes the destination; standard output and error stay open. */
  close(): void;
}

/** The fields in the order in which a line gives them. */
const FIELDS = [
  'requestId',
  'traceId',
  'tenant',
  'principal',
  'credentialId',
  'protocol',
  'operation',
  'model',
  'outcome',
  'code',
  'status',
  'findings',
  'durationMs',
  'bytesIn',
  'bytesOut',
  'inputTokens',
  'outputTokens',
  'cause',
  'endpoint',
  'adminEndpoint',
  'provider',
  'port',
  'certificateExpires',
  'version',
  'count',
  'bytesTornOff',
  'bytes',
  'sink',
] as const satisfies readonly (keyof LogFields)[];

export interface LoggerOptions {
  /** Where JSON lines go; a file descriptor (2 is stderr) or a path. */
  readonly destination?: number | string;
}

/** Each write wakes a thread, which costs as much as making the lines of several requests. */
const FLUSH_BYTES = 49_152;
const MAX_WRITE_BYTES = 65_536;
const FLUSH_EVERY_MS = 100;
/** Beyond this, lines are dropped: whoever reads the log must not be able to fill the gateway's memory by not reading. */
const MAX_WAITING_BYTES = 16_777_216;

/**
 * Logs JSON lines, one event each, with the allow-listed fields and nothing else.
 *
 * Lines are written behind the requests' back, at the latest after a tenth of a second: a reader that has stopped must
 * not stop the gateway. The record, not the log, is what nothing may miss.
 */
export function createLogger({ destination = 2 }: LoggerOptions = {}): Logger {
  const sink: Sink = openDestination({
    dest: typeof destination === 'number' ? destination : openSync(destination, 'a', 0o600),
    sync: false,
    contentMode: 'buffer',
    minLength: FLUSH_BYTES,
    maxWrite: MAX_WRITE_BYTES,
    maxLength: MAX_WAITING_BYTES,
    periodicFlush: FLUSH_EVERY_MS,
  });
  // The log is no record: where it cannot be written, because its disk is full or its reader gone, answers go on.
  sink.on('error', () => undefined);
  const toTime = createTimeWriter();
  const log = (level: number, event: LogEvent, fields?: LogFields): void => {
    sink.write(toLine({ level, time: toTime(Date.now()), event }, fields));
  };
  return {
    info: (event, fields) => log(LEVELS.info, event, fields),
    warn: (event, fields) => log(LEVELS.warn, event, fields),
    error: (event, fields) => log(LEVELS.error, event, fields),
    flush: () => sink.flushSync(),
    close() {
      sink.flushSync();
      if (typeof destination === 'string') sink.end();
    },
  };
}

/** The destination as its `buffer` mode is: the published types know lines of text alone. */
interface Sink {
  /** Bytes: text would be joined and measured anew with every line, which took half of the time of logging. */
  write(line: string | Uint8Array): unknown;
  flushSync(): void;
  end(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Levels by pino's numbers, which readers of logs know. */
const LEVELS = { info: 30, warn: 40, error: 50 } as const;

/** What every line begins with. */
interface LineHead {
  readonly level: number;
  readonly time: string;
  readonly event: LogEvent;
}

function toLine(head: LineHead, fields: LogFields = {}): Uint8Array {
  const line: Record<string, unknown> = { ...head };
  for (const name of FIELDS) {
    const value = fields[name];
    if (value !== undefined) line[name] = value;
  }
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

/** Writes times in ISO 8601, all but the milliseconds once a second. */
function createTimeWriter(): (now: number) => string {
  let second = -1;
  let text = '';
  return (now) => {
    const current = Math.floor(now / 1_000);
    if (current !== second) {
      second = current;
      text = new Date(current * 1_000).toISOString().slice(0, -4);
    }
    return `${text}${String(now % 1_000).padStart(3, '0')}Z`;
  };
}

/** An error's class names and system codes, outermost first: enough to find the place, with nothing a caller wrote. */
export function describeCause(error: unknown): string {
  const names: string[] = [];
  for (let current = error; current instanceof Error && names.length < 5; current = current.cause) {
    const code = 'code' in current && typeof current.code === 'string' ? `:${current.code}` : '';
    names.push(`${current.name}${code}`.replace(/[^A-Za-z0-9_:.-]/g, '').slice(0, 80));
  }
  return names.join(' < ');
}
