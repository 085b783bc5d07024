import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { assertSuccess, PolicyError, type PolicySource, toProblem } from './policy-error.ts';

/** One policy of a source. */
export interface Policy {
  /** From its `@id("…")` annotation, else `file#position`. Unique over all sources. */
  readonly id: string;
  readonly text: string;
  /** Counts from 0 within its source. */
  readonly position: number;
  readonly source: PolicySource;
  readonly json: PolicyJson;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9 _.:/#-]{0,127}$/;

/** Splits texts into policies. Throws a `PolicyError` for text that is not Cedar, templates, and ids used twice. */
export function readPolicies(sources: readonly PolicySource[]): readonly Policy[] {
  const problems: string[] = [];
  const policies = sources.flatMap((source) => readSource(source, problems));
  const first = new Map<string, Policy>();
  for (const policy of policies) {
    const other = first.get(policy.id);
    if (other === undefined) first.set(policy.id, policy);
    else problems.push(`${policy.source.name}: the policy id \`${policy.id}\` stands in ${other.source.name} already`);
  }
  if (problems.length > 0) throw new PolicyError(problems);
  return policies;
}

function readSource(source: PolicySource, problems: string[]): readonly Policy[] {
  const answer = policySetTextToParts(source.text);
  if (answer.type === 'failure') {
    problems.push(...answer.errors.map((error) => toProblem(source, error)));
    return [];
  }
  if (answer.policy_templates.length > 0) {
    problems.push(`${source.name}: holds a template, and nothing here would link it`);
  }
  return inFileOrder(answer.policies).map(([position, text]) => readPolicy(source, { position, text }, problems));
}

/** Cedar gives the texts sorted by its own names for them, as text: `policy0`, `policy1`, `policy10`, `policy2`, … */
function inFileOrder(texts: readonly string[]): readonly (readonly [position: number, text: string])[] {
  const names = texts.map((_, index) => String(index)).sort();
  return texts.map((text, index) => [Number(names[index]), text] as const).sort(([a], [b]) => a - b);
}

function readPolicy(
  source: PolicySource,
  { position, text }: { readonly position: number; readonly text: string },
  problems: string[],
): Policy {
  const answer = policyToJson(text);
  assertSuccess(answer, source);
  const { json } = answer;
  // Null where `@id` stands without a text, whatever the type says.
  const given = json.annotations?.id;
  if (given != null && !ID.test(given))
    problems.push(`${source.name}: the id of policy ${position} is not a plain name`);
  const id = given ?? `${source.name}#${position}`;
  return { id, text, position, source, json };
}
