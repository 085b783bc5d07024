import type { AccessDecision, Action } from '../core/index.ts';
import type { Policy } from './policy-set.ts';

/**
 * Actions that a policy about every action does not permit: `permit (principal, action, resource)` was written to let
 * somebody use a model, not to let content past the inspection, nor to tell how near to a threshold it comes.
 */
const NAMED_ONLY: ReadonlySet<Action> = new Set([
  'SendUninspectedMedia',
  'SendUninspectedReference',
  'ReadExactAssessment',
]);

/** Takes back a permission that rests on no policy whose scope names the action, where the action asks for that. */
export function createNamedActions(
  policies: readonly Pick<Policy, 'id' | 'json'>[],
): (decision: AccessDecision, action: Action) => AccessDecision {
  const named = new Map([...NAMED_ONLY].map((action) => [action, policiesNaming(policies, action)] as const));
  return (decision, action) => {
    const naming = named.get(action);
    if (naming === undefined || !decision.allowed) return decision;
    return decision.policies.some((id) => naming.has(id)) ? decision : { ...decision, allowed: false, policies: [] };
  };
}

function policiesNaming(policies: readonly Pick<Policy, 'id' | 'json'>[], action: Action): ReadonlySet<string> {
  return new Set(policies.filter(({ json }) => actionsOf(json.action).includes(action)).map(({ id }) => id));
}

/** The actions that a policy's scope names. None where it is about every action. */
export function actionsOf(scope: Policy['json']['action']): readonly string[] {
  if (scope.op === 'All') return [];
  const entities = 'entities' in scope ? scope.entities : 'entity' in scope ? [scope.entity] : [];
  return entities.map((entity) => ('__entity' in entity ? entity.__entity.id : entity.id));
}
