import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  createGuardrail,
  type Guardrail,
  GuardrailError,
  parseGuardrailPolicy,
  policyHash,
} from '../../guardrails/index.ts';
import { guardrailParts } from '../../server/index.ts';
import { CommandError } from '../command-error.ts';

/** A guardrail of a file, and the hash that names its policy. */
export interface GuardrailOfFile {
  readonly guardrail: Guardrail;
  readonly sha256: string;
}

/** Reads a file of JSON or YAML. Throws a `CommandError` where it is neither, or cannot be read. */
export function readDocument(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const isSyntax = cause instanceof Error && cause.name === 'YAMLParseError';
    const code = cause instanceof Error && 'code' in cause && !isSyntax ? ` (${cause.code})` : '';
    throw new CommandError(2, isSyntax ? `${file} is neither JSON nor YAML` : `${file} cannot be read${code}`, {
      cause,
    });
  }
}

/** Makes the guardrail of a file. Throws a `GuardrailError` that lists what is wrong with its policy. */
export function readGuardrailFile(file: string): GuardrailOfFile {
  const policy = readDocument(file);
  const guardrail = createGuardrail({ id: 'file', version: 'DRAFT' }, parseGuardrailPolicy(policy), guardrailParts);
  return { guardrail, sha256: policyHash(policy) };
}

/** The same for a command that needs it to be whole. */
export function requireGuardrail(file: string): GuardrailOfFile {
  try {
    return readGuardrailFile(file);
  } catch (cause) {
    if (!(cause instanceof GuardrailError)) throw cause;
    throw new CommandError(2, cause.problems.map((problem) => `${file}: ${problem}`).join('\n'), { cause });
  }
}
