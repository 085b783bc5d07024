import { randomBytes } from 'node:crypto';
import { type DoorLimits, doorLimits, type FrontDoor } from '../../config/index.ts';
import { createRequestId, GatewayError, type RequestId } from '../../core/index.ts';
import { describeCause, type EmfMetrics, type Logger } from '../../telemetry/index.ts';
import { protocols } from '../joined-rooms.ts';
import { type Arrival, protocolOf } from '../reception.ts';
import type { Setup } from '../setup.ts';
import { StartError } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { toAlbRequest } from './alb-event.ts';
import { type BufferedReply, createBufferedDoor } from './buffered-door.ts';
import { toHttpRequest } from './http-event.ts';
import { createIamAuthenticator } from './iam-principals.ts';
import { type Instance, openInstance } from './instance.ts';
import { type LambdaRequest, type Refusal, toBody } from './lambda-request.ts';
import { openedOnce } from './opened-once.ts';
import type { ResponseStream } from './response-stream.ts';
import { toRestRequest } from './rest-event.ts';
import { createStreamDoor } from './stream-door.ts';

/** What an invocation is told of itself, as far as it is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The handler of a function, of whichever form the configuration's front door takes. */
export type LambdaHandler =
  | {
      readonly transfer: 'stream';
      readonly handle: (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>;
      readonly close: () => Promise<void>;
    }
  | {
      readonly transfer: 'buffered';
      readonly handle: (event: unknown, context: LambdaContext) => Promise<BufferedReply>;
      readonly close: () => Promise<void>;
    };

export interface LambdaHandlerOptions extends Setup {
  /** Opens what the instance answers with. Default: what the configuration names. */
  readonly open?: () => Promise<Instance>;
  readonly logger: Logger;
  readonly metrics: Omit<EmfMetrics, 'sequencerRan'>;
}

/**
 * What is left of an invocation when its model call is given up: for the record of that, on a store that refuses and has to
 * be asked three times (the SDK's pauses come to two seconds at most), and for the answer. A store that says nothing may
 * take longer (three tries of three seconds, as `src/aws/dynamodb.ts` has it); then the two margins below end the answer.
 */
const RECORD_MARGIN_MS = 4_000;
/**
 * And when its answer is cut off: where it has begun, though its client takes it, or else with a refusal. No sum of the
 * clients' own time-outs is within every invocation's time, so that this one holds whatever they are.
 */
const ANSWER_MARGIN_MS = 1_500;
/** And when the handler returns, whatever has not come to its end by then; Lambda would end the instance. */
const RETURN_MARGIN_MS = 500;

const REQUEST_ID = 'x-sallyport-request-id';

/** The handler for a configuration. Throws a `StartError` where that has no front door of Lambda. */
export function createLambdaHandler(options: LambdaHandlerOptions): LambdaHandler {
  const { config, logger, metrics } = options;
  const door = config.frontDoor;
  if (door.kind === 'port') throw new StartError('`frontDoor.kind` is `port`, which AWS Lambda has none of');
  const limits = doorLimits[door.kind];
  const instance = openedOnce(options.open ?? (() => openInstance(options, door)));
  const serve = async (request: LambdaRequest, invocation: Invocation): Promise<void> => {
    try {
      await receive(request, { invocation, door, limits, logger, instance: () => opened(instance, logger) });
    } finally {
      metrics.flush();
      logger.flush();
    }
  };
  const close = async () => {
    await (await instance()).close();
    logger.flush();
  };
  const maxBodyBytes = Math.min(config.limits.maxBodyBytes, limits.requestBytes);
  if ('transfer' in door && door.transfer === 'stream') {
    const { idleTimeoutMs: stallTimeoutMs } = config.limits;
    return { transfer: 'stream', close, handle: streaming(door, serve, { maxBodyBytes, stallTimeoutMs }) };
  }
  const { replyBytes } = limits;
  return { transfer: 'buffered', close, handle: buffering(door, serve, { maxBodyBytes, replyBytes }) };
}

type LambdaDoor = Exclude<FrontDoor, { kind: 'port' }>;
type Serve = (request: LambdaRequest, invocation: Invocation) => Promise<void>;

function streaming(
  { basePath }: Pick<Extract<LambdaDoor, { transfer: string }>, 'basePath'>,
  serve: Serve,
  { maxBodyBytes, stallTimeoutMs }: { readonly maxBodyBytes: number; readonly stallTimeoutMs: number },
): Extract<LambdaHandler, { transfer: 'stream' }>['handle'] {
  return async (event, stream, context) => {
    const request = toRestRequest(event, basePath);
    const readBody = () => toBody(request.body, maxBodyBytes);
    await serve(request, { context, ...createStreamDoor({ stream, readBody, stallTimeoutMs }) });
  };
}

function buffering(
  door: LambdaDoor,
  serve: Serve,
  { maxBodyBytes, replyBytes }: { readonly maxBodyBytes: number; readonly replyBytes: number },
): Extract<LambdaHandler, { transfer: 'buffered' }>['handle'] {
  return async (event, context) => {
    const request = toBufferedRequest(event, door);
    const readBody = () => toBody(request.body, maxBodyBytes);
    const answer = createBufferedDoor({ readBody, replyBytes, hasHeaderLists: request.hasHeaderLists });
    await serve(request, { context, ...answer });
    const reply = answer.reply();
    if (reply === undefined) throw new StartError('the invocation ended before its answer');
    return reply;
  };
}

function toBufferedRequest(event: unknown, door: LambdaDoor): LambdaRequest {
  switch (door.kind) {
    case 'rest':
    case 'rest-iam':
      return toRestRequest(event, door.basePath);
    case 'http-api':
      return toHttpRequest(event, door.basePath);
    case 'alb':
      return toAlbRequest(event);
    default:
      return door satisfies never;
  }
}

interface Invocation {
  readonly context: LambdaContext;
  readonly open: Arrival['open'];
  readonly cutOff: (refusal: Refusal) => void;
  /** Resolves once the answer is handed over. Absent where the handler's return does that. */
  readonly done?: () => Promise<void>;
}

interface Receiving {
  readonly invocation: Invocation;
  readonly door: FrontDoor;
  readonly limits: DoorLimits;
  readonly logger: Logger;
  /** Resolves to undefined where it does not open. */
  readonly instance: () => Promise<Instance | undefined>;
}

/**
 * INVARIANT: comes to its end within the invocation's time, whatever does not answer. What then is under way goes on with
 * the instance, if at all, and nobody hears of it: an exchange without an end is closed by whoever writes the log.
 */
async function receive(request: LambdaRequest, receiving: Receiving): Promise<void> {
  const { invocation, limits, logger } = receiving;
  const { context, cutOff } = invocation;
  const remaining = Math.min(context.getRemainingTimeInMillis(), limits.durationMs);
  const callEndsAt = systemClock.now() + remaining - RECORD_MARGIN_MS;
  let requestId = createRequestId(systemClock.now(), randomBytes(10));
  const open: Arrival['open'] = (headers) => {
    requestId = (headers[REQUEST_ID] as typeof requestId | undefined) ?? requestId;
    return invocation.open(headers);
  };
  const ended = Promise.withResolvers<'late'>();
  const timers = [
    setTimeout(() => cutOff(toRefusal(request.route, requestId)), Math.max(0, remaining - ANSWER_MARGIN_MS)),
    setTimeout(() => ended.resolve('late'), Math.max(0, remaining - RETURN_MARGIN_MS)),
  ];
  try {
    const answering = answer(request, { ...receiving, invocation: { ...invocation, open }, callEndsAt });
    if ((await Promise.race([answering, ended.promise])) === 'late')
      logger.error('invocation out of time', { requestId });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function answer(
  request: LambdaRequest,
  { invocation, door, instance, callEndsAt }: Receiving & { readonly callEndsAt: number },
): Promise<void> {
  const { open, done } = invocation;
  const opened = await instance();
  if (opened === undefined) {
    const id = createRequestId(systemClock.now(), randomBytes(10));
    const { reply, headers } = toRefusal(request.route, id);
    open({ ...headers }).refuse(reply, headers);
  } else {
    const ambientTrace = process.env._X_AMZN_TRACE_ID;
    await opened.receive(toArrival(request, { open, callEndsAt, ambientTrace, door, instance: opened }));
  }
  await done?.();
}

interface Arriving extends Pick<Arrival, 'open' | 'callEndsAt' | 'ambientTrace'> {
  readonly door: FrontDoor;
  readonly instance: Instance;
}

/** INVARIANT: what an authorizer is said to have verified counts only at the door that is declared to have one. */
function toArrival({ head, route, iam }: LambdaRequest, { door, instance, ...arriving }: Arriving): Arrival {
  const { principals } = instance;
  if (door.kind !== 'rest-iam' || principals === undefined) return { head, route, ...arriving };
  return { head, route, ...arriving, authenticator: createIamAuthenticator(principals, iam) };
}

/**
 * The opened instance; undefined, and a line in the log, where it does not open, or cannot hear of what was erased: the
 * next invocation tries again.
 */
async function opened(instance: () => Promise<Instance>, logger: Logger): Promise<Instance | undefined> {
  try {
    const open = await instance();
    await open.refresh();
    return open;
  } catch (error) {
    logger.error('internal fault', { cause: describeCause(error) });
    return undefined;
  }
}

/** What cannot be opened cannot record either, nor what does not answer. */
function toRefusal(route: string, id: RequestId): Refusal {
  const reply = protocolOf(protocols, route).fault(new GatewayError('journalUnavailable'), id);
  return { reply, headers: { [REQUEST_ID]: id } };
}
