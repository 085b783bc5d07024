import type { IncomingMessage, ServerResponse } from 'node:http';
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
import { type HealthSource, healthReply } from './health.ts';
import { type BodyBudget, type BodyBudgetLimits, createBodyBudget, UNBOUNDED } from './http/body-budget.ts';
import { createHttpOutlet } from './http/http-outlet.ts';
import type { ListenerOptions } from './http/listener.ts';
import { createPort, type Port, type PortLimits } from './http/port.ts';
import { type BodyLimits, readRequestBody } from './http/read-body.ts';
import { headerLookup, namesLoopback, requireSmallHead, toRequestHead } from './http/request-head.ts';
import { sendReply } from './http/send-reply.ts';
import type { Outlet } from './passage/outlet.ts';
import type { Passed, PassRequest } from './passage/passage.ts';
import { createRandomSource } from './random-source.ts';
import { type Trace, traceOf } from './trace.ts';

/** `draining`: requests are still served, and no more are expected. `closing`: what comes is refused. */
export type PortPhase = 'serving' | 'draining' | 'closing';

export interface DataPortOptions extends ListenerOptions, Pick<HealthSource, 'recordState'> {
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
  readonly limits: PortLimits & BodyLimits & BodyBudgetLimits;
  /** Whether only loopback names are accepted as Host. */
  readonly loopbackOnly: boolean;
  readonly phase: () => PortPhase;
}

/** One request on its way: what is known of it so far. */
interface Visit {
  readonly id: RequestId;
  readonly startedAt: number;
  readonly head: RequestHead;
  readonly trace: Trace;
  readonly protocol: Protocol;
  readonly fields: { -readonly [Name in keyof LogFields]: LogFields[Name] } & Pick<EndedRequest, 'protocol'>;
}

/** A data port's parts, with what it adds itself. */
interface Joined extends DataPortOptions {
  readonly budget: BodyBudget;
}

/** The port that applications call: authenticates, reads and answers requests of every protocol. */
export function createDataPort(options: DataPortOptions): Port {
  const takeRandom = createRandomSource();
  const joined: Joined = { ...options, budget: createBodyBudget(options.limits) };
  const { recordState } = options;
  const health: HealthSource = { recordState, isReady: () => options.phase() === 'serving' };
  return createPort(options, async (request, response) => {
    const startedAt = options.clock.now();
    const head = toRequestHead(request);
    const asked = head.method === 'GET' ? healthReply(head.path, health) : undefined;
    if (asked !== undefined) return sendReply(response, asked);
    const id = createRequestId(startedAt, takeRandom(10));
    const protocol = protocolOf(options.protocols, head.path);
    const trace = traceOf(head, takeRandom);
    const fields: Visit['fields'] = { requestId: id, protocol: protocol.name, ...trace.logged };
    await visit(joined, { id, startedAt, head, trace, protocol, fields }, { request, response });
  });
}

interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function visit(options: Joined, current: Visit, { request, response }: Wire): Promise<void> {
  const { id, protocol, fields } = current;
  const ownHeaders: Record<string, string> = { 'x-sallyport-request-id': id };
  const outlet = createHttpOutlet(response, ownHeaders, options.limits.idleTimeoutMs);
  options.metrics.requestBegun();
  try {
    const served = await serve(options, current, { request, response, outlet });
    const { reply, outcome, error } = served;
    noteOutcome(fields, served);
    if (reply !== undefined) sendReply(response, reply, ownHeaders);
    fields.status = reply?.status ?? (outcome === 'interrupted' ? error?.status : undefined) ?? 200;
  } catch (cause) {
    const error = toGatewayError(cause);
    if (error.code === 'internal')
      options.logger.error('internal fault', { requestId: id, cause: describeCause(cause) });
    fields.outcome ??= 'refused';
    fields.code = error.code;
    fields.status = error.status;
    // Where the client is gone, nobody is there to be told.
    if (!outlet.signal.aborted) {
      sendReply(response, protocol.fault(error, id), { ...ownHeaders, ...closing(request) });
    }
  } finally {
    fields.durationMs = options.clock.now() - current.startedAt;
    options.logger.info('request', fields);
    options.metrics.requestEnded(fields);
  }
}

function protocolOf(protocols: DataPortOptions['protocols'], path: string): Protocol {
  return protocols.find(({ name }) => path.startsWith(`/${name}/`)) ?? protocols[0];
}

type Served = Partial<Passed> & Pick<Passed, 'outcome'>;

interface Serving extends Wire {
  readonly outlet: Outlet;
}

async function serve(options: Joined, current: Visit, serving: Serving): Promise<Served> {
  const { id, startedAt, head, protocol, fields } = current;
  const { outlet } = serving;
  if (options.phase() === 'closing') throw new GatewayError('shuttingDown');
  if (options.loopbackOnly && !namesLoopback(head)) throw new GatewayError('hostNotAllowed');
  requireSmallHead(head, options.limits);
  const pending = await options.authenticator.begin(head);
  // Of a request whose client left meanwhile no event would come any more.
  if (outlet.signal.aborted) throw new GatewayError('clientClosed');
  const route = protocol.match(head.method, head.path);
  if (route === undefined) throw new GatewayError('routeNotFound');
  fields.operation = route.operation;
  const { body, caller } = await receive(options, pending, { ...serving, source: head.source });
  fields.bytesIn = body.length;
  fields.tenant = caller.tenant;
  fields.principal = caller.principal;
  fields.credentialId = caller.credentialId;
  if (!options.journal.isAvailable()) throw new GatewayError('journalUnavailable');
  if (route.kind !== 'invoke') return { outcome: 'complete', reply: listModels(options, current, { route, caller }) };

  const lookup = headerLookup(head);
  if ((lookup('content-encoding') ?? 'identity') !== 'identity') throw new GatewayError('unsupportedMediaType');
  const read = protocol.read(route, body, lookup);
  const model = options.models.get(read.model);
  if (model !== undefined) fields.model = model.id;
  const { length: bytesReceived } = body;
  const asked = { id, caller, protocol, operation: route.operation, read, bytesReceived, startedAt };
  return options.pass({ ...asked, ...current.trace.sent }, outlet);
}

interface Receiving extends Wire {
  readonly source: string;
}

/** Reads the body and completes the credential over it. Bytes of a sender that is not known yet go on the budget. */
async function receive(
  { limits, budget }: Joined,
  pending: PendingCaller,
  { request, response, source }: Receiving,
): Promise<{ readonly body: Buffer; readonly caller: Caller }> {
  const allowance = pending.isVerified === true ? UNBOUNDED : budget.open(toNetwork(source));
  const invite = () => {
    if (request.headers.expect !== undefined) response.writeContinue();
  };
  try {
    const body = await readRequestBody(request, limits, { allowance, invite });
    return { body, caller: await pending.complete(body) };
  } finally {
    allowance.release();
  }
}

interface Listing {
  readonly route: Exclude<Route, { kind: 'invoke' }>;
  readonly caller: Caller;
}

/** The models this caller may see; one it may not see does not exist for it. */
function listModels(options: DataPortOptions, current: Visit, { route, caller }: Listing): WireReply {
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

/** An HTTP/1.1 connection whose request was not read to its end ends with the answer: what follows is not a request. */
function closing(request: IncomingMessage): Readonly<Record<string, string>> {
  return request.complete || request.httpVersionMajor > 1 ? {} : { connection: 'close' };
}
