import { parse } from 'yaml';
import { isProduction } from './exposure.ts';
import { toText } from './issues.ts';
import { quote } from './quotable.ts';
import { entriesIn, type ReferenceProblem, valueAt } from './references.ts';
import type { ConfigShape } from './schema.ts';
import { findSecrets } from './secret-patterns.ts';
import { reasonOf } from './text-file.ts';
import type { Path } from './yaml-document.ts';

/** A guardrail as it is configured. Whether its policy is one, `guardrails` says. */
export interface GuardrailConfig {
  readonly id: string;
  readonly version: string;
  readonly sha256?: string;
  /** What `CreateGuardrail` takes. */
  readonly policy: unknown;
  /** Where the policy stands, for problems with it. */
  readonly place: string;
}

/** Or what is wrong with the file. */
export type ReadGuardrail = GuardrailConfig | { readonly problem: string };

/** Takes a guardrail's policy out of its place or file. */
export function readGuardrail(
  entry: ConfigShape['guardrails'][number],
  { within, readFile }: { readonly within: string; readonly readFile: (file: string) => string },
): ReadGuardrail {
  const { id, version, sha256 } = entry;
  const named = { id, version, ...(sha256 === undefined ? {} : { sha256 }) };
  if ('policy' in entry) return { ...named, policy: entry.policy, place: `${within}: guardrail \`${id}\`` };
  try {
    const text = readFile(entry.file);
    const [secret] = findSecrets(text);
    if (secret !== undefined) return { problem: `the guardrail's file holds what looks like ${secret.kind}` };
    return { ...named, policy: parse(text), place: entry.file };
  } catch (cause) {
    const isSyntax = cause instanceof Error && cause.name === 'YAMLParseError';
    return { problem: `the guardrail's file ${isSyntax ? 'is neither JSON nor YAML' : reasonOf(cause)}` };
  }
}

/** Guardrails that stand twice, that are applied and not there, and drafts where all is to be for earnest. */
export function findGuardrailProblems(document: unknown): readonly ReferenceProblem[] {
  const known = entriesIn(document, ['guardrails']).map(({ path, value }) => ({ path, key: keyOf(value), value }));
  const keys = known.map(({ key }) => key);
  const twice = known.filter(({ key }, index) => keys.indexOf(key) !== index);
  const unknown = applied(document).filter(({ value }) => !keys.includes(keyOf(value)));
  return [
    ...twice.map(({ path, key }) => problem(path, `version ${key} stands here a second time`)),
    ...unknown.map(({ path, value }) => problem(path, `there is no version ${keyOf(value)} in \`guardrails\``)),
    ...(isForEarnest(document) ? known.flatMap(({ path, value }) => unfitForProduction(path, value)) : []),
  ];
}

function applied(document: unknown) {
  const tenants = entriesIn(document, ['tenants']);
  const principals = tenants.flatMap(({ path }) => entriesIn(document, [...path, 'principals']));
  const places: readonly Path[] = [
    ['inspection', 'guardrails'],
    ...[...tenants, ...principals].map(({ path }) => [...path, 'guardrails']),
  ];
  return places.flatMap((path) => entriesIn(document, path));
}

function isForEarnest(document: unknown): boolean {
  return isProduction(valueAt(document, ['production']), valueAt(document, ['environment']));
}

function unfitForProduction(path: Path, value: unknown): readonly ReferenceProblem[] {
  const version = valueAt(value, ['version']);
  if (version === undefined || version === 'DRAFT') return [problem(path, 'a draft, which production does not take')];
  if (valueAt(value, ['sha256']) !== undefined) return [];
  return [problem(path, 'a version needs its `sha256` in production; `sallyport guardrail hash` tells it')];
}

function keyOf(value: unknown): string {
  return `${quote(String(valueAt(value, ['version']) ?? 'DRAFT'))} of ${quote(String(valueAt(value, ['id'])))}`;
}

function problem(path: Path, text: string): ReferenceProblem {
  return { path, text: `\`${toText(path)}\`: ${text}` };
}
