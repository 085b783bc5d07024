import { randomBytes } from 'node:crypto';
import { type DoorLimits, doorLimits, type FrontDoor } from '../../config/index.ts';
import { createRequestId, GatewayError } from '../../core/index.ts';
import { describeCause, type EmfMetrics, type Logger } from '../../telemetry/index.ts';
import { protocols } from '../joined-rooms.ts';
import { type Arrival, type Door, protocolOf } from '../reception.ts';
import type { Setup } from '../setup.ts';
import { StartError } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { toAlbRequest } from './alb-event.ts';
import { type BufferedReply, createBufferedDoor } from './buffered-door.ts';
import { toHttpRequest } from './http-event.ts';
import { createIamAuthenticator } from './iam-principals.ts';
import { type Instance, openedOnce, openInstance } from './instance.ts';
import { type LambdaRequest, toBody } from './lambda-request.ts';
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
  readonly metrics: EmfMetrics;
}

/**
 * What is left of an invocation when its model call is given up: for the record of that, on a store that has to be asked
 * three times (AWS's own retries end within two seconds), and for the answer.
 */
const RECORD_MARGIN_MS = 4_000;
/** And when its answer is cut off, though its client takes it: Lambda would freeze or kill what is still to be recorded. */
const ANSWER_MARGIN_MS = 1_500;

/** The handler for a configuration. Throws a `StartError` where that has no front door of Lambda. */
export function createLambdaHandler(options: LambdaHandlerOptions): LambdaHandler {
  const { config, logger, metrics } = options;
  const door = config.frontDoor;
  if (door.kind === 'port') throw new StartError('`frontDoor.kind` is `port`, which AWS Lambda has none of');
  const limits = doorLimits[door.kind];
  const instance = openedOnce(options.open ?? (() => openInstance(options, door)));
  const serve = async (request: LambdaRequest, invocation: Invocation): Promise<void> => {
    try {
      await receive(request, { invocation, door, limits, instance: await opened(instance, logger) });
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
  readonly cutOff: () => void;
  /** Resolves once the answer is handed over. Absent where the handler's return does that. */
  readonly done?: () => Promise<void>;
}

interface Receiving {
  readonly invocation: Invocation;
  readonly door: FrontDoor;
  readonly limits: DoorLimits;
  /** Undefined where it does not open. */
  readonly instance: Instance | undefined;
}

async function receive(request: LambdaRequest, { invocation, door, limits, instance }: Receiving): Promise<void> {
  const { context, open, cutOff, done } = invocation;
  const remaining = Math.min(context.getRemainingTimeInMillis(), limits.durationMs);
  const timer = setTimeout(cutOff, Math.max(0, remaining - ANSWER_MARGIN_MS));
  const callEndsAt = systemClock.now() + remaining - RECORD_MARGIN_MS;
  try {
    if (instance === undefined) refuse(open({}), request.route);
    else {
      const ambientTrace = process.env._X_AMZN_TRACE_ID;
      await instance.receive(toArrival(request, { open, callEndsAt, ambientTrace, door, instance }));
    }
    await done?.();
  } finally {
    clearTimeout(timer);
  }
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

/** What cannot be opened cannot record either. */
function refuse(door: Door, route: string): void {
  const id = createRequestId(systemClock.now(), randomBytes(10));
  const fault = protocolOf(protocols, route).fault(new GatewayError('journalUnavailable'), id);
  door.refuse(fault, { 'x-sallyport-request-id': id });
}
