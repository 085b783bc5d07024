import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';

/** What commander gives for the options below. */
export interface OperatorArguments {
  readonly operator?: string;
  readonly reason?: string;
  readonly approver?: string;
}

/** Who does something that is recorded. */
interface Actor {
  readonly operator: string;
  readonly reason?: string;
  readonly approver?: string;
}

/** Who does something that is recorded, and why. */
export interface Operator extends Actor {
  readonly reason: string;
}

/** Adds who does what is recorded, and why. Whoever holds the key file acts in the name they give. */
export function withReasonOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why; goes into the record')
    .option('--operator <name>', 'who; goes into the record (default: the user of this system)');
}

/** Adds who agreed, too, as who does it says. */
export function withOperatorOptions(command: Command): Command {
  return withReasonOptions(command).option(
    '--approver <name>',
    'who agreed, where a second has to; goes into the record',
  );
}

const LONGEST = 1_000;

/** Throws a `CommandError` where no reason is given. */
export function toOperator({ reason, ...given }: OperatorArguments): Operator {
  if (reason === undefined || reason.trim() === '')
    throw new CommandError(2, 'this is recorded: say why with --reason');
  return { ...toActor({ ...given, reason }), reason };
}

/** The same of what is recorded with a reason or without one. */
export function toActor({ operator, reason, approver }: OperatorArguments): Actor {
  const named = {
    operator: operator ?? userInfo().username,
    ...(reason === undefined ? {} : { reason }),
    ...(approver === undefined ? {} : { approver }),
  };
  if (named.operator.trim() === '') throw new CommandError(2, 'this is recorded: say who with --operator');
  if (Object.values(named).some((text) => text.length > LONGEST)) {
    throw new CommandError(2, `names and reasons have at most ${LONGEST} characters`);
  }
  return named;
}
