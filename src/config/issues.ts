import type { z } from 'zod';
import type { Problem } from './config-error.ts';
import { knownKeys } from './json-schema.ts';
import { proposal, quote } from './quotable.ts';
import type { Path, YamlDocument } from './yaml-document.ts';

type Issue = z.core.$ZodIssue;
type Places = Pick<YamlDocument, 'offsetOf' | 'has' | 'offsetOfKey'>;

/** Unknown keys of one mapping that are told; finding the place of each takes a search. */
const MAX_KEYS = 20;

/** What a schema says against a document, in our words and without its content. */
export function toProblems(issues: readonly Issue[], places: Places): readonly Problem[] {
  return issues.flatMap((issue) => describeIssue(issue, places));
}

function describeIssue(issue: Issue, places: Places): readonly Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.slice(0, MAX_KEYS).map((key) => ({
      offset: places.offsetOfKey(path, key),
      text: `unknown key ${quote(key)}${proposal(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && places.has(path))
    return describeUnion(issue, places);
  const problem = path.length === 0 || places.has(path) ? expectation(issue) : 'missing';
  return [{ offset: places.offsetOf(path), text: path.length === 0 ? problem : `\`${toText(path)}\`: ${problem}` }];
}

/** The complaints of the form that comes closest; where the value is not even of the right type, what all forms are. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, places: Places): readonly Problem[] {
  const forms = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
  );
  const [closest = []] = forms.sort((a, b) => complaints(a) - complaints(b));
  if (closest.some(({ path }) => path.length > issue.path.length) || closest.some(isUnknownKey)) {
    return toProblems(closest, places);
  }
  return [{ offset: places.offsetOf(issue.path), text: `\`${toText(issue.path)}\`: ${issue.message}` }];
}

function complaints(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function isUnknownKey({ code }: Issue): boolean {
  return code === 'unrecognized_keys';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping of keys to values',
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return expectedOneOf(issue.values);
    case 'too_small':
      return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_union':
    case 'invalid_format':
    case 'custom':
      return issue.message;
    default:
      return 'not of the right form';
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function expectedOneOf(values: readonly unknown[]): string {
  return `expected ${values
    .map((value) => `\`${String(value)}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')}`;
}

/** A path as one would write it: `tenants[0].name`. */
export function toText(path: Path): string {
  return path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`),
    '',
  );
}
