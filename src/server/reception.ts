import {
  type Authenticator,
  type Authorizer,
  type Caller,
  type Clock,
  createRequestId,
  GatewayError,
  type Journal,
  type Model,
  type PendingCaller,
  type Protocol,
  type RequestHead,
  type RequestId,
  type Route,
  toGatewayError,
  type WireReply,
} from '../core/index.ts';
import { toNetwork } from '../identity/index.ts';
import { describeCause, type EndedRequest, type LogFields, type Logger, type Metrics } from '../telemetry/index.ts';
import type { Assess } from './guarding/assessor.ts';
import { type HealthSource, healthReply } from './health.ts';
import {
  type BodyAllowance,
  type BodyBudget,
  type BodyBudgetLimits,
  createBodyBudget,
  UNBOUNDED,
} from './http/body-budget.ts';
import { type HeadLimits, headerLookup, namesLoopback, requireSmallHead } from './http/request-head.ts';
import type { Outlet } from './passage/outlet.ts';
import type { Passed, PassRequest } from './passage/passage.ts';
import { createRandomSource } from './random-source.ts';
import { type Trace, traceOf } from './trace.ts';

/** `draining`: requests are still served, and no more are expected. `closing`: what comes is refused. */
export type Phase = 'serving' | 'draining' | 'closing';

export interface ReceptionOptions extends Pick<HealthSource, 'recordState'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'requestBegun' | 'requestEnded'>;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly journal: Journal;
  readonly models: ReadonlyMap<string, Model>;
  /** The protocols in order of matching; the first also words the faults of routes that none has. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  readonly pass: (request: PassRequest, outlet: Outlet) => Promise<Passed>;
  readonly assess: Assess;
  readonly limits: HeadLimits & BodyBudgetLimits;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
  readonly phase: () => Phase;
}

/** The way by which one request came, and its answer goes. */
export interface Door {
  readonly outlet: Outlet;
  /** Reads the whole body. Throws what the allowance throws, and what is wrong with the body's size, form or time. */
  readBody(allowance: BodyAllowance): Promise<Buffer>;
  /** Sends a whole answer, `headers` beside its own. Throws a `GatewayError` where the door cannot carry it. */
  send(reply: WireReply, headers: Readonly<Record<string, string>>): void;
  /** The same of an answer to a request that may not have been read. Does not throw. */
  refuse(reply: WireReply, headers: Readonly<Record<string, string>>): void;
}

/** A request as it arrives at the gateway, whatever the road. */
export interface Arrival {
  readonly head: RequestHead;
  /** Opens its door. `headers` go out with whatever is streamed; the receipt is put among them. */
  readonly open: (headers: Record<string, string>) => Door;
  /** Who says who the caller is, where that is settled on the road. Default: the gateway's own authenticator. */
  readonly authenticator?: Authenticator;
  /** The path that the protocols know, where the caller's has something before it. Default: that of the head. */
  readonly route?: string;
  /** What the surroundings say of the trace it is part of, as the header `X-Amzn-Trace-Id` has it. */
  readonly ambientTrace?: string | undefined;
  /** Epoch milliseconds by which the model must have answered. */
  readonly callEndsAt?: number;
}

/** Takes one request in and sees its answer out. Never rejects on account of the request. */
export type Reception = (arrival: Arrival) => Promise<void>;

/** One request on its way: what is known of it so far. */
interface Visit extends Arrival {
  readonly id: RequestId;
  readonly startedAt: number;
  readonly path: string;
  readonly protocol: Protocol;
  readonly trace: Trace;
  readonly fields: { -readonly [Name in keyof LogFields]: LogFields[Name] } & Pick<EndedRequest, 'protocol'>;
}

/** A reception's parts, with what it adds itself. */
interface Joined extends ReceptionOptions {
  readonly budget: BodyBudget;
}

/**
 * Authenticates, reads and answers requests of every protocol, over whichever door they come.
 *
 * INVARIANT: every front door is a caller of this one function, so that none decides otherwise than another.
 */
export function createReception(options: ReceptionOptions): Reception {
  const takeRandom = createRandomSource();
  const joined: Joined = { ...options, budget: createBodyBudget(options.limits) };
  const { recordState } = options;
  const health: HealthSource = { recordState, isReady: () => options.phase() === 'serving' };
  return async (arrival) => {
    const startedAt = options.clock.now();
    const { head, route: path = head.path } = arrival;
    const asked = head.method === 'GET' ? healthReply(path, health) : undefined;
    if (asked !== undefined) return arrival.open({}).send(asked, {});
    const id = createRequestId(startedAt, takeRandom(10));
    const protocol = protocolOf(options.protocols, path);
    const trace = traceOf(head, takeRandom, arrival.ambientTrace);
    const fields: Visit['fields'] = { requestId: id, protocol: protocol.name, ...trace.logged };
    await visit(joined, { ...arrival, id, startedAt, path, protocol, trace, fields });
  };
}

async function visit(options: Joined, current: Visit): Promise<void> {
  const { id, protocol, fields } = current;
  const ownHeaders: Record<string, string> = { 'x-sallyport-request-id': id };
  const door = current.open(ownHeaders);
  options.metrics.requestBegun();
  try {
    const served = await serve(options, current, door);
    const { reply, outcome, error } = served;
    noteOutcome(fields, served);
    if (reply !== undefined) door.send(reply, ownHeaders);
    fields.status = reply?.status ?? (outcome === 'interrupted' ? error?.status : undefined) ?? 200;
  } catch (cause) {
    const error = toGatewayError(cause);
    if (error.code === 'internal' || error.code === 'credentialsUnavailable')
      options.logger.error('internal fault', { requestId: id, cause: describeCause(cause) });
    fields.outcome ??= 'refused';
    fields.code = error.code;
    fields.status = error.status;
    // Where the client is gone, nobody is there to be told.
    if (!door.outlet.signal.aborted) door.refuse(protocol.fault(error, id), ownHeaders);
  } finally {
    fields.durationMs = options.clock.now() - current.startedAt;
    options.logger.info('request', fields);
    options.metrics.requestEnded(fields);
  }
}

/** The protocol whose a path is, or the first, which words the faults of the others. */
export function protocolOf(protocols: ReceptionOptions['protocols'], path: string): Protocol {
  return protocols.find(({ name }) => path.startsWith(`/${name}/`)) ?? protocols[0];
}

type Served = Partial<Passed> & Pick<Passed, 'outcome'>;

async function serve(options: Joined, current: Visit, door: Door): Promise<Served> {
  const { id, startedAt, head, path, protocol, fields, authenticator = options.authenticator } = current;
  const { outlet } = door;
  if (options.phase() === 'closing') throw new GatewayError('shuttingDown');
  if (options.loopbackOnly && !namesLoopback(head)) throw new GatewayError('hostNotAllowed');
  requireSmallHead(head, options.limits);
  const pending = await authenticator.begin(head);
  // Of a request whose client left meanwhile no event would come any more.
  if (outlet.signal.aborted) throw new GatewayError('clientClosed');
  const route = protocol.match(head.method, path);
  if (route === undefined) throw new GatewayError('routeNotFound');
  fields.operation = route.operation;
  const { body, caller } = await receive(options, pending, { door, source: head.source });
  fields.bytesIn = body.length;
  fields.tenant = caller.tenant;
  fields.principal = caller.principal;
  fields.credentialId = caller.credentialId;
  if (!options.journal.isAvailable()) throw new GatewayError('journalUnavailable');
  if (route.kind === 'listModels' || route.kind === 'getModel') {
    return { outcome: 'complete', reply: listModels(options, current, { route, caller }) };
  }

  const lookup = headerLookup(head);
  if ((lookup('content-encoding') ?? 'identity') !== 'identity') throw new GatewayError('unsupportedMediaType');
  if (route.kind === 'assess') {
    const assessed = protocol.readAssessment(route, body, lookup);
    const { operation } = route;
    const bytes = body.length;
    const asking = { id, caller, protocol: protocol.name, operation, read: assessed, bytesReceived: bytes };
    return { outcome: 'complete', reply: await options.assess(asking) };
  }
  const read = protocol.read(route, body, lookup);
  const model = options.models.get(read.model);
  if (model !== undefined) fields.model = model.id;
  const { length: bytesReceived } = body;
  const { callEndsAt } = current;
  const asked = { id, caller, protocol, operation: route.operation, read, bytesReceived, startedAt };
  const request = { ...asked, ...current.trace.sent };
  return options.pass(callEndsAt === undefined ? request : { ...request, callEndsAt }, outlet);
}

interface Receiving {
  readonly door: Door;
  readonly source: string;
}

/** Reads the body and completes the credential over it. Bytes of a sender that is not known yet go on the budget. */
async function receive(
  { budget }: Joined,
  pending: PendingCaller,
  { door, source }: Receiving,
): Promise<{ readonly body: Buffer; readonly caller: Caller }> {
  const allowance = pending.isVerified === true ? UNBOUNDED : budget.open(toNetwork(source));
  try {
    const body = await door.readBody(allowance);
    return { body, caller: await pending.complete(body) };
  } finally {
    allowance.release();
  }
}

interface Listing {
  readonly route: Extract<Route, { kind: 'listModels' | 'getModel' }>;
  readonly caller: Caller;
}

/** The models this caller may see; one it may not see does not exist for it. */
function listModels(options: ReceptionOptions, current: Visit, { route, caller }: Listing): WireReply {
  const { authorizer, models } = options;
  const visible = [...models.values()]
    .map(({ id }) => id)
    .filter((model) => authorizer.decide({ caller, action: 'ListModels', model }).allowed);
  if (route.kind === 'listModels') return current.protocol.models(visible, current.startedAt, current.head.query);
  const model = visible.find((id) => id === route.model);
  if (model === undefined) throw new GatewayError('modelNotFound');
  return current.protocol.model(model, current.startedAt);
}

function noteOutcome(fields: Visit['fields'], { outcome, error, findings, usage, bytesOut }: Served): void {
  fields.outcome = outcome;
  if (error !== undefined) fields.code = error.code;
  if (findings !== undefined) fields.findings = findings;
  if (usage !== undefined) {
    fields.inputTokens = usage.inputTokens;
    fields.outputTokens = usage.outputTokens;
  }
  if (bytesOut !== undefined) fields.bytesOut = bytesOut;
}
