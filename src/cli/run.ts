import { CommanderError } from 'commander';
import {
  BucketError,
  HeldError,
  InconsistentLogError,
  JournalDamageError,
  KeyNotUnwrappedError,
  LogDamageError,
  RecordErasedError,
  RecordKeyLostError,
} from '../audit/index.ts';
import { ConfigError } from '../config/index.ts';
import { GatewayError } from '../core/index.ts';
import { ReadingRefusedError, StartError } from '../server/index.ts';
import { CommandError } from './command-error.ts';
import type { Terminal } from './output.ts';
import { createProgram } from './program.ts';

/** Errors whose message is written for the operator. */
const OWN = [
  BucketError,
  StartError,
  CommandError,
  GatewayError,
  HeldError,
  InconsistentLogError,
  JournalDamageError,
  KeyNotUnwrappedError,
  LogDamageError,
  ReadingRefusedError,
  RecordErasedError,
  RecordKeyLostError,
];

/** Those that are an answer: it is not so, or may not be. */
const NO = [HeldError, InconsistentLogError, ReadingRefusedError, RecordErasedError];

/**
 * Carries out a command line, program name included. Resolves to the exit code: 0 done, 1 the answer is no (denied, not
 * found), 2 the command could not be carried out.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(argv);
    return 0;
  } catch (error) {
    for (const line of linesOf(error)) terminal.error(line);
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  if (NO.some((kind) => error instanceof kind)) return 1;
  return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
}

/** What the user is told: our own errors by their message, anything else as the defect it is. */
function linesOf(error: unknown): readonly string[] {
  if (error instanceof CommanderError) return [];
  if (error instanceof ConfigError) return error.message.split('\n');
  if (OWN.some((kind) => error instanceof kind) && error instanceof Error) {
    return error.message === '' ? [] : [`sallyport: ${error.message}`];
  }
  return [`sallyport: a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
}
