import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';

/** A text of Cedar policies, by the name of the file it stands in. */
export interface PolicySource {
  readonly name: string;
  readonly text: string;
}

/** Policies that cannot be used. Lists every problem, one a line, as `name:line:column: what is wrong`. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** One problem of a source. `subject` is the policy it lies in, where that is known. */
export function toProblem(source: PolicySource, error: DetailedError, subject?: string): string {
  const where = `${source.name}:${positionOf(source.text, startOf(error))}`;
  const what = [toSentence(error.message), ...(error.help === null ? [] : [toSentence(error.help)])].join('; ');
  return subject === undefined ? `${where}: ${what}` : `${where}: policy \`${subject}\`: ${what}`;
}

type Answer = { readonly type: 'success' } | { readonly type: 'failure'; readonly errors: readonly DetailedError[] };

/** Throws a `PolicyError` with what Cedar says against a source. */
export function assertSuccess<Given extends Answer>(
  answer: Given,
  source: PolicySource,
): asserts answer is Extract<Given, { readonly type: 'success' }> {
  if (answer.type === 'failure') throw new PolicyError(answer.errors.map((error) => toProblem(source, error)));
}

/** Where an error begins, as a UTF-8 offset; what Cedar places nowhere is placed at the beginning. */
export function startOf(error: DetailedError): number {
  return error.sourceLocations?.[0]?.start ?? 0;
}

/** Line and column count from 1, columns in UTF-16 units as editors do. */
function positionOf(text: string, offset: number): string {
  const before = Buffer.from(text).subarray(0, offset).toString();
  return `${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
}

/** Cedar repeats its own name of the policy in front; ours stands there already. */
function toSentence(message: string): string {
  return message.replace(/^for policy `[^`]*`, /, '');
}
