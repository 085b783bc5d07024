import { openSync } from 'node:fs';
import pino from 'pino';
import type { FaultCode, FindingCounts, ProtocolName, RequestId } from '../core/index.ts';

/**
 * Everything a log line may hold: ids, sizes, times and decision codes.
 *
 * INVARIANT: no field takes text of a request or an answer, nor any text a caller chose. What is not named here is
 * dropped, so that a new field is a decision made in this file.
 */
export interface LogFields {
  readonly requestId?: RequestId;
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
  readonly version?: string;
  readonly count?: number;
  readonly bytesTornOff?: number;
}

export type LogEvent =
  | 'started'
  | 'stopping'
  | 'stopped'
  | 'request'
  | 'journal repaired'
  | 'exchanges closed as interrupted'
  | 'internal fault';

export interface Logger {
  info(event: LogEvent, fields?: LogFields): void;
  error(event: LogEvent, fields?: LogFields): void;
  flush(): void;
  /** Writes what waits and closes the destination; standard output and error stay open. */
  close(): void;
}

const FIELDS: ReadonlySet<string> = new Set<keyof LogFields>([
  'requestId',
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
  'version',
  'count',
  'bytesTornOff',
]);

export interface LoggerOptions {
  /** Where JSON lines go; a file descriptor (2 is stderr) or a path. */
  readonly destination?: number | string;
  readonly level?: 'info' | 'error' | 'silent';
}

const FLUSH_BYTES = 4_096;
const FLUSH_EVERY_MS = 100;
/** Beyond this, lines are dropped: whoever reads the log must not be able to fill the gateway's memory by not reading. */
const MAX_WAITING_BYTES = 16_777_216;

/**
 * Logs JSON lines, one event each, with the allow-listed fields and nothing else.
 *
 * Lines are written behind the requests' back, at the latest after a tenth of a second: a reader that has stopped must
 * not stop the gateway. The record, not the log, is what nothing may miss.
 */
export function createLogger({ destination = 2, level = 'info' }: LoggerOptions = {}): Logger {
  const sink = pino.destination({
    dest: typeof destination === 'number' ? destination : openSync(destination, 'a', 0o600),
    sync: false,
    minLength: FLUSH_BYTES,
    maxLength: MAX_WAITING_BYTES,
    periodicFlush: FLUSH_EVERY_MS,
  });
  const log = pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }, sink);
  return {
    info: (event, fields = {}) => log.info(allowed(fields), event),
    error: (event, fields = {}) => log.error(allowed(fields), event),
    flush: () => sink.flushSync(),
    close() {
      sink.flushSync();
      if (typeof destination === 'string') sink.end();
    },
  };
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && FIELDS.has(name)) kept[name] = value;
  }
  return kept;
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
