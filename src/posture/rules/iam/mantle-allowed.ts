import { broadPolicies, permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Rule, unassessed } from '../../rule.ts';

export const mantleAllowed: Rule = {
  id: 'iam-mantle-allowed',
  title: 'Nobody may call models past guardrails and log',
  severity: 'critical',
  standards: ['GENSEC01-BP01', 'GENSEC02-BP01', 'GENSEC03-BP01'],
  rationale:
    'What `bedrock-mantle` does has an IAM prefix of its own: policies that speak of `bedrock:` alone say nothing of it, ' +
    'and `bedrock*` allows it. There are no guardrails and no invocation log behind it.',
  remediation: 'Allow no action of `bedrock-mantle`, and deny `bedrock-mantle:*` where policies may grow.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: eachPrincipal((principal) => {
    const permission = permissionOf(principal, 'bedrock-mantle:CreateInference');
    if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
    const isAllowed = permission.kind === 'yes' || broadPolicies(principal).length > 0;
    return isAllowed ? [fail('', '`bedrock-mantle:CreateInference` is allowed')] : [];
  }),
};
