import { type Answer, isAnswerUrl, sendAnswer } from './answer.ts';
import { Refusal } from './refusal.ts';
import { type Properties, parseRequest, type Request } from './request.ts';

/** How one kind of custom resource comes, changes and goes. Each call may come twice, also after it was cut off. */
export interface Lifecycle {
  /** What the resource is called by, the same for its whole life: another one would have it removed. */
  readonly physicalId: string;
  /** Makes it, or makes it what it should be, and gives what other resources of the stack can read of it. */
  put(properties: Properties): Promise<Readonly<Record<string, string>>>;
  /** Takes it away, and puts back what was there before; also where `put` failed or never was. */
  remove(properties: Properties): Promise<void>;
}

/** The part of Lambda's context that is used. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

export interface HandlerOptions {
  /** Whether an answer may go to a URL. Default: to a bucket of CloudFormation's alone. */
  readonly isAnswerUrl?: (url: string) => boolean;
  /** Takes a line of the log. */
  readonly log?: (line: string) => void;
}

/** Kept back for the answer. */
const RESERVE_MS = 15_000;

/**
 * A Lambda handler that CloudFormation asks without a provider between them. It always answers: what fails, throws or
 * takes too long is told as failed, so that no stack waits for its time-out. Of errors that are not our own it tells
 * their name alone, for messages of AWS repeat what they were sent.
 */
export function createHandler(lifecycle: Lifecycle, options: HandlerOptions = {}) {
  const { log = (line) => void process.stdout.write(`${line}\n`) } = options;
  return async (event: unknown, context: Context): Promise<void> => {
    const request = parseRequest(event);
    if (!(options.isAnswerUrl ?? isAnswerUrl)(request.answerUrl)) {
      throw new Refusal("the answer's place is not one of CloudFormation's");
    }
    const result = await settle(lifecycle, request, context.getRemainingTimeInMillis() - RESERVE_MS);
    log(
      JSON.stringify({
        ...{ kind: request.kind, resource: lifecycle.physicalId, status: result.Status },
        ...(result.Reason === undefined ? {} : { reason: result.Reason }),
      }),
    );
    await sendAnswer(request.answerUrl, {
      ...result,
      PhysicalResourceId: request.physicalId ?? lifecycle.physicalId,
      StackId: request.stackId,
      RequestId: request.requestId,
      LogicalResourceId: request.logicalId,
    });
  };
}

type Result = Pick<Answer, 'Status' | 'Reason' | 'Data'>;

async function settle(lifecycle: Lifecycle, request: Request, withinMs: number): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Refusal('it took too long')), Math.max(withinMs, 0));
  try {
    return { Status: 'SUCCESS', Data: await Promise.race([perform(lifecycle, request), late]) };
  } catch (error) {
    return { Status: 'FAILED', Reason: toReason(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function perform(
  { physicalId, put, remove }: Lifecycle,
  request: Request,
): Promise<Readonly<Record<string, string>>> {
  if (request.kind !== 'remove') return put(request.properties);
  // Another name's resource, of a template before this one, is not what is there now.
  if (request.physicalId === physicalId) await remove(request.properties);
  return {};
}

function toReason(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return `AWS or the function failed: ${error instanceof Error ? error.name : 'unknown'}`;
}
