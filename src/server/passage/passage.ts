import {
  type AnswerEvent,
  type Authorizer,
  type Blocked,
  type Caller,
  type Cleared,
  type Clock,
  type DocumentReader,
  type Exchange,
  type FindingCounts,
  GatewayError,
  inspect,
  type Journal,
  type Model,
  type Protocol,
  type Provider,
  type ReadRequest,
  type ReplyWriter,
  type RequestId,
  toAnswer,
  toGatewayError,
  type Usage,
  type WireReply,
} from '../../core/index.ts';
import type { Guarding, GuardingOf } from '../guarding/guardings.ts';
import type { Traced } from '../guarding/trace.ts';
import { createCallSignal } from './call-signal.ts';
import { createOuterDoor, invokeModel } from './outer-door.ts';
import type { ClientSignal, Outlet } from './outlet.ts';
import { paceBatches } from './paced-batches.ts';
import { prepareExchange } from './preparation.ts';
import type { ReasoningSeals } from './reasoning-seal.ts';
import { createReceipting, type Receipting, type Receipts } from './receipting.ts';
import { createRelease, type Release } from './release.ts';
import { isRecordLate, recordStage, toRequestRecord } from './stages.ts';

export interface PassageOptions {
  readonly clock: Clock;
  readonly authorizer: Authorizer;
  readonly journal: Journal;
  readonly models: ReadonlyMap<string, Model>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly guardingOf: GuardingOf;
  readonly seals: ReasoningSeals;
  readonly receipts: Receipts;
  readonly documents: DocumentReader;
  /** Milliseconds a model call may take in all. */
  readonly upstreamTimeoutMs: number;
  /** Milliseconds between two releases of a stream, each of which is made durable; as they come unless told. */
  readonly releaseIntervalMs?: number;
}

/** One authenticated, parsed request. */
export interface PassRequest {
  readonly id: RequestId;
  readonly caller: Caller;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly read: ReadRequest;
  /** Bytes of its body. */
  readonly bytesReceived: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds by which its model call must have ended, where that is before its time-out. */
  readonly callEndsAt?: number;
  /** As the exchange has it. */
  readonly traceparent?: string;
}

/** How it ended, for the log. A buffered answer is in `reply`; a streamed one has left through the outlet. */
export interface Passed {
  readonly outcome: 'complete' | 'blocked' | 'interrupted' | 'failed';
  readonly reply?: WireReply;
  readonly error?: GatewayError;
  readonly findings: FindingCounts;
  readonly usage?: Usage;
  readonly bytesOut: number;
}

interface Call extends PassRequest {
  readonly exchange: Exchange;
  readonly writer: ReplyWriter;
  readonly outlet: Outlet;
  readonly receipting: Receipting;
}

/**
 * Takes a request through both doors. Rejects with a `GatewayError` where nothing has left yet; what breaks after the
 * first byte ends the stream in the protocol's own form.
 */
export function createPassage(options: PassageOptions): (request: PassRequest, outlet: Outlet) => Promise<Passed> {
  const { clock, authorizer } = options;

  return async (request, outlet) => {
    const prepared = prepareExchange(request, options, outlet.signal);
    const exchange = prepared instanceof Promise ? await prepared : prepared;
    const { id: requestId, startedAt: createdAt } = request;
    const writer = request.read.createReply({ requestId, createdAt, model: exchange.model.id });
    const recording = { clock, policyVersion: authorizer.version, bytesReceived: request.bytesReceived };
    const receipting = createReceipting(options.journal, options.receipts, outlet);
    const { journal } = receipting;
    const call: Call = { ...request, exchange, writer, outlet, receipting };
    const guarding = options.guardingOf(guarded(request));
    const decision = await inspect([...guarding.stages, recordStage(journal, exchange, recording)], exchange);
    if (decision.kind === 'allow') return carry({ ...call, guarding }, decision.exchange, options);

    // What did not pass is recorded too, with what the stages said of it.
    if (!isRecordLate(decision)) {
      const refused = toRequestRecord(exchange, decision.exchange, { ...recording, stages: decision.stages });
      await journal.append(refused, request.caller);
    }
    const release = createRelease({ ...call, journal, clock, findings: decision.exchange.findings });
    if (decision.kind === 'fault') {
      await release.close('failed', decision.error.code);
      await receipting.ready();
      throw decision.error;
    }
    await release.close('blocked');
    await receipting.ready();
    await tell(call, guarding, { exchange, isBlocked: true });
    return { ...refuse(call, decision.blocked, clock), findings: release.findingCounts };
  };
}

function isTraced({ read, writer }: Pick<Call, 'read' | 'writer'>): boolean {
  return read.guardrail?.trace !== undefined && writer.trace !== undefined;
}

/** Tells the caller what guardrails made of the exchange, where it asked and its protocol has a place for it. */
async function tell({ read, writer }: Call, guarding: Guarding, traced: Traced): Promise<void> {
  const { guardrail } = read;
  if (guardrail?.trace !== undefined) writer.trace?.(await guarding.trace(traced, guardrail));
}

/** What a request says of its guarding. */
function guarded({ caller, read }: PassRequest) {
  return read.guardrail === undefined ? { caller } : { caller, guardrail: read.guardrail };
}

/** The answer to a blocked request: the configured message, in the form the caller asked for. */
function refuse({ read, writer, outlet, startedAt }: Call, blocked: Blocked, clock: Clock): Omit<Passed, 'findings'> {
  const latencyMs = clock.now() - startedAt;
  if (!read.stream || read.request.kind === 'embedding') {
    const reply = writer.blocked(blocked, latencyMs);
    return { outcome: 'blocked', reply, bytesOut: reply.body.length };
  }
  const said = writer.events(
    [
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text: blocked.message },
      { kind: 'blockStop', index: 0 },
      { kind: 'stop', reason: 'guardrail' },
      { kind: 'usage', usage: { inputTokens: 0, outputTokens: 0 } },
    ],
    latencyMs,
  );
  const last = writer.end(latencyMs);
  outlet.open(writer.streamHeaders);
  outlet.write(said);
  outlet.write(last);
  outlet.end();
  return { outcome: 'blocked', bytesOut: said.length + last.length };
}

/** Calls the model with a cleared exchange and lets out what the output guard releases. */
async function carry(
  call: Call & { readonly guarding: Guarding },
  cleared: Cleared,
  options: PassageOptions,
): Promise<Passed> {
  const { clock } = options;
  const { journal } = call.receipting;
  const release = createRelease({ ...call, journal, clock, findings: cleared.findings });
  const called = createCallSignal(call.outlet.signal, timeFor(call, options));
  try {
    const provider = options.providers.get(cleared.model.provider);
    if (provider === undefined) throw new GatewayError('internal');
    const answer = await invokeModel(provider, cleared, called.signal);
    release.setAnswer(answer);
    await call.receipting.ready();
    const door = createOuterDoor(cleared, { ...options, guarding: call.guarding });
    const intervalMs = call.read.stream ? (options.releaseIntervalMs ?? 0) : 0;
    const said: AnswerEvent[] | undefined = isTraced(call) ? [] : undefined;
    for await (const events of paceBatches(answer.events, intervalMs)) {
      said?.push(...events);
      await release.add(events, door.push(events));
      if (release.isBlocked) break;
      called.signal.throwIfAborted();
    }
    if (release.isBlocked) called.cancel();
    else await release.add([], door.end());
    if (said !== undefined) {
      await tell(call, call.guarding, { exchange: call.exchange, said, isBlocked: release.isBlocked });
    }
    return await finish(call, release, clock);
  } catch (cause) {
    called.cancel();
    return await fail(call, release, toFault(cause, call.outlet.signal, called.isLate));
  } finally {
    called.release();
  }
}

/** Milliseconds for a model call. */
function timeFor({ callEndsAt }: PassRequest, { clock, upstreamTimeoutMs }: PassageOptions): number {
  if (callEndsAt === undefined) return upstreamTimeoutMs;
  return Math.max(0, Math.min(upstreamTimeoutMs, callEndsAt - clock.now()));
}

async function finish({ read, writer, outlet, startedAt }: Call, release: Release, clock: Clock): Promise<Passed> {
  const outcome = release.isBlocked ? 'blocked' : 'complete';
  if (read.stream) {
    await release.closeStream(outcome);
    return { outcome, ...release.summary() };
  }
  const reply = writer.whole(toAnswer(release.events), clock.now() - startedAt);
  outlet.require?.(reply.body, reply.headers);
  await release.close(outcome);
  return { outcome, reply, ...release.summary(), bytesOut: reply.body.length };
}

/** Records the failure. Before the first byte it is thrown on, after it the stream ends with it. */
async function fail({ outlet, receipting }: Call, release: Release, fault: GatewayError): Promise<Passed> {
  const outcome = fault.code === 'clientClosed' ? 'interrupted' : 'failed';
  let error = fault;
  try {
    await release.close(outcome, fault.code);
    await receipting.ready();
  } catch (cause) {
    error = toGatewayError(cause);
  }
  if (!outlet.signal.aborted) {
    if (!release.isOpen) throw error;
    release.breakOff(error);
  }
  return { outcome, error, ...release.summary() };
}

function toFault(cause: unknown, client: ClientSignal, isLate: boolean): GatewayError {
  if (client.aborted) return new GatewayError('clientClosed', { cause });
  if (isLate) return new GatewayError('upstreamTimeout', { cause });
  return toGatewayError(cause);
}
