import { createHash } from 'node:crypto';
import type { AccessDecision, AccessRequest, Action, Authorizer } from '../core/index.ts';
import { createDecisionCache } from './decision-cache.ts';
import { principalKey, type Subject, type SubjectEntries, type Subjects, toSubjects } from './entities.ts';
import { createNamedActions } from './named-actions.ts';
import { createPolicyEngine } from './policy-engine.ts';
import type { PolicySource } from './policy-error.ts';
import { readPolicySets } from './policy-sets.ts';
import { cedarSchema } from './schema.data.ts';

export interface AuthorizerOptions extends SubjectEntries {
  /** Texts of Cedar policies; `name` is what problems and unnamed policies are called by. */
  readonly policies: readonly PolicySource[];
}

const MAX_CACHED = 10_000;
const NOBODY: AccessDecision = { allowed: false, policies: [], failed: false };

/**
 * Decides by Cedar policies (language 4.5). What no policy permits is denied; who or what is not configured is denied
 * without asking; any failure to evaluate denies, and `policies` then names those that failed. The actions that send
 * content uninspected are permitted by policies alone that name them.
 *
 * Throws a `PolicyError` where a policy, about models or about reading, is not Cedar or does not fit its schema.
 *
 * INVARIANT: policies and entities never change under an authorizer, so a cached decision is of its `version`.
 */
export function createAuthorizer({ policies, ...entries }: AuthorizerOptions): Authorizer {
  const engine = createPolicyEngine(readPolicySets(policies).models, cedarSchema);
  const onlyNamed = createNamedActions(engine.policies);
  const subjects = toSubjects(entries);
  const withoutContent = createDecisionCache(MAX_CACHED);
  // Apart from the others: a caller who varies what its prompts contain pushes out only decisions of this kind.
  const withContent = createDecisionCache(MAX_CACHED);
  function ask({ principal, action, resource, context }: Question): AccessDecision {
    const decision = engine.decide({
      principal: principal.uid,
      action: { type: 'Sallyport::Action', id: action },
      resource: resource.uid,
      context,
      entities: [...principal.entities, ...resource.entities],
    });
    return onlyNamed(decision, action);
  }

  return {
    version: versionOf(engine.digest, subjects),
    decide({ caller, action, model, content, uninspected }: AccessRequest) {
      const principalId = principalKey(caller.tenant, caller.principal);
      const principal = subjects.principals.get(principalId);
      const resource = subjects.models.get(model);
      if (principal === undefined || resource === undefined) return NOBODY;
      const context = toContext(content, uninspected);
      const cache = content === undefined ? withoutContent : withContent;
      const question = `${principalId} ${action} ${model} ${context.found} ${context.remaining} ${context.uninspected}`;
      return cache.get(question, () => ask({ principal, action, resource, context }));
    },
    decideAssessment({ caller, action, guardrail }) {
      const principalId = principalKey(caller.tenant, caller.principal);
      const principal = subjects.principals.get(principalId);
      const resource = subjects.guardrails.get(guardrail);
      if (principal === undefined || resource === undefined) return NOBODY;
      const question = `${principalId} ${action} guardrail ${guardrail}`;
      return withoutContent.get(question, () => ask({ principal, action, resource, context: {} }));
    },
  };
}

interface Question {
  readonly principal: Subject;
  readonly action: Action;
  readonly resource: Subject;
  readonly context: Content;
}

type Content = { readonly [Name in 'found' | 'remaining' | 'uninspected']?: string[] };

function toContext(content: AccessRequest['content'], uninspected: AccessRequest['uninspected']): Content {
  return {
    ...(content === undefined ? {} : { found: toSet(content.found), remaining: toSet(content.remaining) }),
    ...(uninspected === undefined ? {} : { uninspected: toSet(uninspected) }),
  };
}

function toSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function versionOf(digest: string, { principals, models, guardrails }: Subjects): string {
  const entities = [...principals.values(), ...models.values(), ...guardrails.values()].flatMap((subject) =>
    subject.entities.map((entity) => JSON.stringify(entity)),
  );
  return createHash('sha256')
    .update(JSON.stringify([digest, [...new Set(entities)].sort()]))
    .digest('hex');
}
