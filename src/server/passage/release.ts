import {
  type AnswerEvent,
  type Caller,
  type Clock,
  countFindings,
  type FaultCode,
  type Finding,
  type FindingCounts,
  type GatewayError,
  type Journal,
  type ProviderAnswer,
  type ReadRequest,
  type Released,
  type ReplyWriter,
  type RequestId,
  type ResponseRecord,
  type Span,
  type StopReason,
  type Usage,
} from '../../core/index.ts';
import type { Outlet } from './outlet.ts';

export interface ReleaseOptions {
  readonly id: RequestId;
  readonly caller: Caller;
  readonly read: Pick<ReadRequest, 'stream'>;
  readonly writer: ReplyWriter;
  readonly outlet: Outlet;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly startedAt: number;
  /** Found in the request. */
  readonly findings: readonly Finding[];
}

/**
 * The outer door of one exchange: what the guard lets out becomes durable here before it leaves.
 *
 * A streamed answer leaves batch by batch, the last of it with the end; a buffered one is durable once `close` resolves.
 */
export interface Release {
  /** What the response record is to let out: a buffered answer, or the last of a streamed one. */
  readonly events: readonly AnswerEvent[];
  readonly isBlocked: boolean;
  /** Whether the first byte has left. */
  readonly isOpen: boolean;
  readonly findingCounts: FindingCounts;
  /** The model has begun to answer. */
  setAnswer(answer: Pick<ProviderAnswer, 'providerRequestId' | 'dropped'>): void;
  /** `original` is what the model said, `released` what of it may leave now. */
  add(original: readonly AnswerEvent[], released: Released): Promise<void>;
  /** Makes the response record durable, and in it `events` where all went well. Once it is, further calls do nothing. */
  close(status: ResponseRecord['status'], code?: FaultCode): Promise<void>;
  /** Closes a stream that went well, then sends `events` and the last bytes. */
  closeStream(status: ResponseRecord['status']): Promise<void>;
  /** Ends an open stream with a fault in the protocol's form. */
  breakOff(error: GatewayError): void;
  summary(): { readonly findings: FindingCounts; readonly usage?: Usage; readonly bytesOut: number };
}

export function createRelease(options: ReleaseOptions): Release {
  const { id: requestId, caller, read, writer, outlet, journal, clock, startedAt } = options;
  const original: AnswerEvent[] = [];
  const events: AnswerEvent[] = [];
  const findings: Span[] = [];
  let blocked = false;
  let open = false;
  let closed = false;
  let sequence = 0;
  /** UTF-16 units of text the model said, less those that were released. */
  let withheld = 0;
  let bytesOut = 0;
  let stop: StopReason | undefined;
  let usage: Usage | undefined;
  let answer: Parameters<Release['setAnswer']>[0] = {};

  async function add(said: readonly AnswerEvent[], released: Released): Promise<void> {
    original.push(...said);
    findings.push(...released.findings);
    withheld += textUnits(said) - textUnits(released.events);
    if (released.blocked !== undefined) blocked = true;
    for (const event of released.events) {
      if (event.kind === 'stop') stop = event.reason;
      if (event.kind === 'usage') usage = event.usage;
    }
    if (released.events.length === 0) return;
    // `usage` is an answer's last event: what comes with it needs no record and no sync of its own.
    if (!read.stream || released.events.some(({ kind }) => kind === 'usage')) {
      events.push(...released.events);
      return;
    }
    // Written before the record: what cannot leave must not be recorded as let out.
    const bytes = writer.events(released.events, clock.now() - startedAt);
    outlet.require?.(bytes, writer.streamHeaders);
    await journal.append({ kind: 'release', requestId, time: clock.now(), sequence, events: released.events }, caller);
    sequence += 1;
    await send(bytes);
  }

  async function send(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (!open) {
      outlet.open(writer.streamHeaders);
      open = true;
    }
    bytesOut += bytes.length;
    await outlet.write(bytes);
  }

  async function close(status: ResponseRecord['status'], code?: FaultCode): Promise<void> {
    if (closed) return;
    const wentWell = status === 'complete' || status === 'blocked';
    const { providerRequestId } = answer;
    const dropped = answer.dropped?.() ?? 0;
    const isAllReleased = findings.length === 0 && withheld === 0 && (events.length === 0 || wentWell);
    const response: ResponseRecord = {
      kind: 'response',
      requestId,
      time: clock.now(),
      status,
      ...(code === undefined ? {} : { code }),
      ...(stop === undefined ? {} : { stop }),
      ...(usage === undefined ? {} : { usage }),
      ...(providerRequestId === undefined ? {} : { providerRequestId }),
      ...(dropped === 0 ? {} : { dropped }),
      findingCounts: countFindings(findings),
      findings,
      ...(events.length > 0 && wentWell ? { released: events } : {}),
      ...(isAllReleased ? {} : { original }),
      bytesSent: bytesOut,
    };
    await journal.append(response, caller);
    closed = true;
  }

  async function closeStream(status: ResponseRecord['status']): Promise<void> {
    const latencyMs = clock.now() - startedAt;
    // Written before the record: what cannot be put into the protocol's form must not be recorded as let out.
    const rest = events.length === 0 ? [] : [writer.events(events, latencyMs)];
    const bytes = Buffer.concat([...rest, writer.end(latencyMs)]);
    outlet.require?.(bytes, writer.streamHeaders);
    await close(status);
    await send(bytes);
    outlet.end();
  }

  return {
    events,
    add,
    close,
    closeStream,
    get isBlocked() {
      return blocked;
    },
    get isOpen() {
      return open;
    },
    get findingCounts() {
      return countFindings([...options.findings, ...findings]);
    },
    setAnswer(begun) {
      answer = begun;
    },
    breakOff(error) {
      if (!outlet.signal.aborted) outlet.write(writer.fault(error));
      outlet.end();
    },
    summary() {
      return {
        findings: countFindings([...options.findings, ...findings]),
        ...(usage === undefined ? {} : { usage }),
        bytesOut,
      };
    },
  };
}

function textUnits(events: readonly AnswerEvent[]): number {
  let units = 0;
  for (const event of events) if (event.kind === 'delta') units += event.text.length;
  return units;
}
