/** The steps, each a function: its end of a name, and its handler of the bundle is `steps.STEP`. */
export const steps = ['sanitise', 'guard', 'record', 'invoke', 'scan'] as const;

export type Step = (typeof steps)[number];

interface TaskState {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
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
  readonly States: Readonly<Record<string, TaskState | ChoiceState | { readonly Type: 'Succeed' }>>;
}

/**
 * The passage in steps (docs/guide/workflow.md, "The definition", which a test compares with this): sanitise, guard, record,
 * and only what the record's step calls cleared goes on to the model. No step that fails is caught: an execution ends there, with
 * the fault's code and without a reply.
 */
export function toDefinition(nameOf: (step: Step) => string, partition = 'aws'): Definition {
  const task = (step: Step, next: string, more: Readonly<Record<string, string>> = {}): TaskState => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: nameOf(step),
      Payload: { 'stateMachine.$': '$$.StateMachine.Id', 'execution.$': '$$.Execution.Id', ...more },
    },
    ResultPath: '$.last',
    Next: next,
  });
  return {
    StartAt: 'Sanitise',
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
