import { z } from 'zod';
import type { Execution } from './step-state.ts';

const STATE_MACHINE = /^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$/;
const EXECUTION = /^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:execution:[A-Za-z0-9_-]{1,80}:[A-Za-z0-9_-]{1,80}$/;
/** No segment is empty, `.` or `..`: to a store or a proxy that resolves them it would be another tenant's key. */
const KEY = /^(?!.*\/\.{0,2}(?:\/|$))[a-z0-9](?:[a-z0-9./-]{0,510}[a-z0-9])?$/;

const execution = {
  stateMachine: z.string().regex(STATE_MACHINE),
  execution: z.string().regex(EXECUTION),
};

const first = z.object({
  ...execution,
  request: z.object({
    key: z.string().regex(KEY),
    path: z.string().startsWith('/').max(4_096),
    headers: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), z.string().max(4_096)).default({}),
  }),
});

const later = z.object(execution);

/** Where the request of an execution lies, and what it is for. */
export type FirstEvent = z.output<typeof first>;

/** An event that no workflow of ours makes. It says what is wrong with its form, and nothing of what is in it. */
export class StepEventError extends Error {
  override readonly name = 'StepEventError';
}

/**
 * The first event of an execution: `stateMachine` and `execution` from the context object (`$$.StateMachine.Id`,
 * `$$.Execution.Id`), which the service fills in, and `request` from the execution's input. Throws a `StepEventError`.
 */
export function parseFirstEvent(event: unknown): FirstEvent {
  return checked(first.safeParse(event));
}

/** Any later one: what the steps before did is looked for under its name, whatever else is in it. */
export function parseLaterEvent(event: unknown): Execution {
  return checked(later.safeParse(event));
}

function checked<Event extends Execution>(result: z.ZodSafeParseResult<Event>): Event {
  if (!result.success) {
    const places = result.error.issues.map(({ path }) => path.join('.') || 'the event').join(', ');
    throw new StepEventError(`not an event of a step: ${places}`);
  }
  const { stateMachine, execution: id } = result.data;
  // arn:PARTITION:states:REGION:ACCOUNT:execution:STATE-MACHINE:NAME
  const [arn, partition, service, region, account, , name] = id.split(':');
  const owner = [arn, partition, service, region, account, 'stateMachine', name].join(':');
  if (owner !== stateMachine) throw new StepEventError('an execution of another state machine');
  return result.data;
}
