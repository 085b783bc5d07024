import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import { unknownClasses } from './content-classes.ts';
import { assertSuccess, type PolicySource, startOf, toProblem } from './policy-error.ts';
import type { Policy } from './policy-set.ts';

/**
 * What is wrong with policies by the schema, as `PolicyError` has it. Other policies of their sources are passed over.
 *
 * Cedar's warnings count: a policy that can never apply, or that holds look-alike characters, does not say what its
 * author reads in it.
 */
export function findPolicyProblems(policies: readonly Policy[], schema: string): readonly string[] {
  const problems = [...new Set(policies.map(({ source }) => source))].flatMap((source) =>
    schemaProblems(source, policies, schema),
  );
  for (const { id, source, json } of policies) {
    for (const name of unknownClasses(json)) {
      problems.push(`${source.name}: policy \`${id}\`: there is no finding type \`${name}\``);
    }
  }
  return problems;
}

/** Asked with the whole text of a source, so that the positions in the answer are those in the file. */
function schemaProblems(source: PolicySource, policies: readonly Policy[], schema: string): readonly string[] {
  const names = new Map(
    policies.filter((policy) => policy.source === source).map(({ id, position }) => [`policy${position}`, id]),
  );
  const answer = validate({ schema, policies: { staticPolicies: source.text } });
  assertSuccess(answer, source);
  const problems = [...answer.validationErrors, ...answer.validationWarnings]
    .filter(({ policyId }) => names.has(policyId))
    .map(({ policyId, error }) => ({ offset: startOf(error), text: toProblem(source, error, names.get(policyId)) }));
  // Cedar says the same once for each action, in no fixed order: one problem a place is enough to find it.
  problems.sort((a, b) => a.offset - b.offset || a.text.localeCompare(b.text));
  return problems.filter(({ offset }, index) => offset !== problems[index - 1]?.offset).map(({ text }) => text);
}
