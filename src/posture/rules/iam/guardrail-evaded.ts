import { permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { INVOKE } from '../invoking.ts';

/** What calls models for its caller and has no `bedrock:GuardrailIdentifier`. */
const AROUND = [
  ...['CreateModelInvocationJob', 'InvokeAgent', 'InvokeInlineAgent', 'InvokeFlow', 'StartFlowExecution'],
  ...['RetrieveAndGenerate', 'CreateEvaluationJob', 'OptimizePrompt'],
].map((name) => `bedrock:${name}`);

export const guardrailEvaded: Rule = {
  id: 'iam-guardrail-evaded',
  title: 'Who needs a guardrail has no way around it',
  severity: 'critical',
  standards: ['GENSEC02-BP01', 'GENSEC05-BP01', 'LLM06'],
  rationale:
    'Batch inference, agents, flows and retrieve-and-generate call models for their caller. None of them knows the ' +
    'condition on the guardrail: what one statement demands, another gives away.',
  remediation: 'Deny these actions to roles that call models; give batch and agents roles of their own.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html',
  examine: eachPrincipal((principal) => {
    const invoking = INVOKE.map((action) => permissionOf(principal, action));
    const [unknown] = invoking.flatMap((one) => (one.kind === 'unknown' ? [one.reason] : []));
    if (unknown !== undefined) return [unassessed('', unknown)];
    if (invoking.every(({ kind }) => kind === 'no')) return [];
    return AROUND.flatMap((action): readonly Problem[] => {
      const permission = permissionOf(principal, action);
      if (permission.kind === 'no') return [];
      if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
      return [fail('', `\`${action}\` is allowed, which no guardrail condition holds for`)];
    });
  }),
};
