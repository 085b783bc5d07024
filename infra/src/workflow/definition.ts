/** The steps, each a function: its end of a name, and its handler of the bundle is `steps.STEP`. */
export const steps = ['sanitise', 'guard', 'record', 'invoke', 'scan'] as const;

export type Step = (typeof steps)[number];

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

interface TaskState {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly ResultPath: '$.last';
  readonly Next: string;
}

interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Variable: string; readonly StringEquals: string; readonly Next: string }[];
  readonly Default: string;
}

/** A state machine of the Amazon States Language, as far as ours needs that. */
export interface Definition {
  readonly StartAt: string;
  /** Of an execution as a whole. */
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, TaskState | ChoiceState | { readonly Type: 'Succeed' }>>;
}

/**
 * What passes by itself: Lambda's own trouble, and faults of ours that say "not now". What is refused is not among them, and
 * neither is a time-out: a step that runs out of time is not asked again.
 */
const TRANSIENT = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Sallyport.inspectionFailed',
  'Sallyport.internal',
  'Sallyport.journalUnavailable',
  'Sallyport.overloaded',
  'Sallyport.shuttingDown',
];

const RETRY: readonly Retrier[] = [
  {
    ErrorEquals: TRANSIENT,
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 4,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

export interface DefinitionOptions {
  /** Default: `aws`. */
  readonly partition?: string;
  /** Seconds that a function may take; 900 unless told. */
  readonly timeoutSeconds?: number;
}

/** A function ends by its own time first, so that none still works for an execution that goes on. */
const LONGER_THAN_A_FUNCTION = 60;
/** Seconds of an execution: each step once in full, with as long again for tries. */
const LONGEST = (timeoutSeconds: number) => 2 * (steps.length + 1) * timeoutSeconds;

/**
 * The passage in steps (docs/guide/workflow.md, "The definition", which a test compares with this): sanitise, guard, record,
 * and only what the record's step calls cleared goes on to the model. What passes by itself is tried again. No step that fails
 * is caught: an execution ends there, with the fault's code and without a reply.
 */
export function toDefinition(
  nameOf: (step: Step) => string,
  { partition = 'aws', timeoutSeconds = 900 }: DefinitionOptions = {},
): Definition {
  const task = (step: Step, next: string, more: Readonly<Record<string, string>> = {}): TaskState => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: nameOf(step),
      Payload: { 'stateMachine.$': '$$.StateMachine.Id', 'execution.$': '$$.Execution.Id', ...more },
    },
    TimeoutSeconds: timeoutSeconds + LONGER_THAN_A_FUNCTION,
    Retry: RETRY,
    ResultPath: '$.last',
    Next: next,
  });
  return {
    StartAt: 'Sanitise',
    TimeoutSeconds: LONGEST(timeoutSeconds),
    States: {
      Sanitise: task('sanitise', 'Guard', { 'request.$': '$.request' }),
      Guard: task('guard', 'Record request'),
      'Record request': task('record', 'Cleared?'),
      'Cleared?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.last.Payload.outcome', StringEquals: 'cleared', Next: 'Invoke' }],
        Default: 'Done',
      },
      Invoke: task('invoke', 'Scan'),
      Scan: task('scan', 'Record response'),
      'Record response': task('record', 'Done'),
      Done: { Type: 'Succeed' },
    },
  };
}
