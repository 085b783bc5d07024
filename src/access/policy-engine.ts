import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import type { Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessDecision } from '../core/index.ts';
import { assertSuccess, type PolicySource } from './policy-error.ts';
import type { Policy } from './policy-set.ts';

// Node 24 can end the process while V8 collects unused WebAssembly code (nodejs/node#64500). Cedar is all there is of it
// here, and all of it stays in use: nothing is lost where nothing is collected.
setFlagsFromString('--no-wasm-code-gc');

/** A question in Cedar's own terms. */
export interface PolicyQuestion {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Context;
  /** The entities the policies may look at; those that matter to this question are enough. */
  readonly entities: readonly EntityJson[];
}

export interface PolicyEngine {
  readonly policies: readonly Policy[];
  /** Without the entities: the same policies and schema always have the same digest. SHA-256, hexadecimal. */
  readonly digest: string;
  decide(question: PolicyQuestion): AccessDecision;
}

/** Parses policies that fit the schema once, for many questions. */
export function createPolicyEngine(policies: readonly Policy[], schema: string): PolicyEngine {
  const texts = policies.map(({ id, text }) => [id, text] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify([schema, texts]))
    .digest('hex');
  // The library keeps parsed policies under process-global names: named by their content, two engines cannot mix.
  const name = `sallyport-${digest}`;
  const whole: PolicySource = { name: 'policies', text: '' };
  assertSuccess(preparseSchema(name, schema), { name: 'schema', text: schema });
  assertSuccess(preparsePolicySet(name, { staticPolicies: Object.fromEntries(texts) }), whole);
  return { policies, digest, decide: (question) => decide(name, question) };
}

function decide(name: string, { entities, ...question }: PolicyQuestion): AccessDecision {
  const answer = statefulIsAuthorized({
    ...question,
    entities: [...entities],
    preparsedPolicySetId: name,
    preparsedSchemaName: name,
    validateRequest: true,
  });
  if (answer.type === 'failure') return { allowed: false, policies: [], failed: true };
  const { decision, diagnostics } = answer.response;
  // Cedar skips a policy whose evaluation fails. A forbid that was skipped must not turn into an allow.
  if (diagnostics.errors.length > 0) {
    return { allowed: false, policies: diagnostics.errors.map(({ policyId }) => policyId).sort(), failed: true };
  }
  return { allowed: decision === 'allow', policies: [...diagnostics.reason].sort(), failed: false };
}
