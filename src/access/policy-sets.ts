import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import { actionsOf } from './named-actions.ts';
import { findPolicyProblems } from './policy-check.ts';
import { PolicyError, type PolicySource } from './policy-error.ts';
import { type Policy, readPolicies } from './policy-set.ts';
import { readingActions } from './reading-actions.ts';
import { cedarSchema, readingSchema } from './schema.data.ts';

/** Policies by what they are asked about. Each fits the schema it is asked with. */
export interface PolicySets {
  /** Who may do what with a model. */
  readonly models: readonly Policy[];
  /** Who may read what the record holds. */
  readonly reading: readonly Policy[];
}

/**
 * Reads and checks policies. Throws a `PolicyError` that lists every problem.
 *
 * Apart, because a policy about every action was written with callers and models in mind: it must neither permit anybody
 * to read what was said, nor be refused because operators have no roles. A `forbid` about every action is about reading
 * too, wherever what it asks can be asked there.
 */
export function readPolicySets(sources: readonly PolicySource[]): PolicySets {
  const policies = readPolicies(sources);
  const reading = policies.filter((policy) => isAboutReading(policy) || forbidsReading(policy));
  const models = policies.filter(
    (policy) => !isAboutReading(policy) && !(reading.includes(policy) && !fits(policy, cedarSchema)),
  );
  const problems = [...findPolicyProblems(models, cedarSchema), ...findPolicyProblems(reading, readingSchema)];
  if (problems.length > 0) throw new PolicyError(problems);
  return { models, reading };
}

const names: ReadonlySet<string> = new Set(Object.values(readingActions));

function isAboutReading({ json }: Policy): boolean {
  return actionsOf(json.action).some((action) => names.has(action));
}

function forbidsReading(policy: Policy): boolean {
  return policy.json.effect === 'forbid' && policy.json.action.op === 'All' && fits(policy, readingSchema);
}

function fits({ text }: Policy, schema: string): boolean {
  const answer = validate({ schema, policies: { staticPolicies: text } });
  return answer.type === 'success' && answer.validationErrors.length + answer.validationWarnings.length === 0;
}
