import { setTimeout as pause } from 'node:timers/promises';
import { StateError } from '../state-error.ts';

const TRIES = 10;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/** Two that write the same item at once: one of them is told to come again, and the SDK does not. */
const CONFLICTS: readonly unknown[] = ['TransactionConflictException', 'TransactionInProgressException'];
/** Why a transaction was given up that may be done when it is tried again. */
const PASSING: readonly unknown[] = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/**
 * Does one request, and again where another write was in its way. Rejects with a `StateError` that names the operation
 * and the error, and never what was in the request.
 */
export async function retrying<T>(operation: string, send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (tries >= TRIES || !isPassing(error)) throw toStateError(operation, error);
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
    }
  }
}

function isPassing(error: unknown): boolean {
  const { name, CancellationReasons } = Object(error);
  if (CONFLICTS.includes(name)) return true;
  if (name !== 'TransactionCanceledException' || !Array.isArray(CancellationReasons)) return false;
  const codes: readonly unknown[] = CancellationReasons.map((reason: unknown) => Object(reason).Code);
  const failed = codes.filter((code) => code !== undefined && code !== 'None');
  return failed.length > 0 && failed.every((code) => PASSING.includes(code));
}

export function toStateError(operation: string, error: unknown): StateError {
  const { name } = Object(error);
  const what = typeof name === 'string' ? name : 'unknown error';
  const advice =
    what === 'ResourceNotFoundException' ? ': the table is not there; `sallyport state create` makes it' : '';
  return new StateError(`the state in DynamoDB could not ${operation}: ${what}${advice}`, { cause: error });
}
