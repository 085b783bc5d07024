import { broadPolicies, permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { INVOKE, isGuarded } from '../invoking.ts';

export const guardrailNotRequired: Rule = {
  id: 'iam-guardrail-not-required',
  title: 'Who may call a model may only with a guardrail',
  severity: 'critical',
  standards: ['GENSEC02-BP01', 'GENSEC01-BP01', 'LLM01', 'LLM05'],
  rationale:
    'A guardrail that exists and is not asked for by the policy is left out by whoever leaves it out of the call. Models ' +
    'that embed or rerank take none: they are exempt where a policy names them one by one.',
  remediation:
    'Put `StringEquals` on `bedrock:GuardrailIdentifier` into every statement that allows to invoke, or deny without it.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html',
  examine: eachPrincipal((principal) => {
    const broad = broadPolicies(principal);
    const problems = INVOKE.flatMap((action): readonly Problem[] => {
      const permission = permissionOf(principal, action);
      if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
      if (permission.kind === 'no') return [];
      const isOpen = permission.statements.some((statement) => !isGuarded(principal, statement, action));
      return isOpen ? [fail('', `\`${action}\` is allowed without a guardrail`)] : [];
    });
    return broad.length === 0
      ? problems
      : [...problems, fail('ManagedPolicyArns', 'a policy of AWS allows models at will')];
  }),
};
