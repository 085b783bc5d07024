import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StepResult } from './steps.ts';

interface State {
  readonly Type: 'Task' | 'Choice' | 'Succeed';
  readonly Parameters?: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
  readonly Choices?: readonly { readonly StringEquals: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Next?: string;
}

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/workflow.md'), 'utf8');
const [text = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];

/** The state machine of the guide. */
export const definition: { readonly StartAt: string; readonly States: Readonly<Record<string, State>> } =
  JSON.parse(text);

interface Executed {
  readonly stateMachine: string;
  readonly execution: string;
  readonly request: object;
  /** Calls the function that a state names, such as `sallyport-guard`. */
  readonly invoke: (functionName: string, event: object) => Promise<StepResult>;
}

/** Runs the guide's definition: of the Amazon States Language, what that has. Gives the states on its way, and the last result. */
export async function execute({ stateMachine, execution, request, invoke }: Executed) {
  const values: Readonly<Record<string, unknown>> = {
    '$$.StateMachine.Id': stateMachine,
    '$$.Execution.Id': execution,
    '$.request': request,
  };
  const visited: string[] = [];
  let last: StepResult | undefined;
  for (let at = definition.StartAt; ; ) {
    visited.push(at);
    const state = definition.States[at];
    if (state?.Type === 'Succeed') return { visited, last };
    if (state?.Type === 'Choice') {
      at = String(state.Choices?.find(({ StringEquals }) => StringEquals === last?.outcome)?.Next ?? state.Default);
      continue;
    }
    const { FunctionName, Payload } = state?.Parameters ?? { FunctionName: '', Payload: {} };
    const event = Object.fromEntries(
      Object.entries(Payload).map(([key, path]) => [key.replace(/\.\$$/, ''), values[path]]),
    );
    last = await invoke(FunctionName, event);
    at = String(state?.Next);
  }
}
