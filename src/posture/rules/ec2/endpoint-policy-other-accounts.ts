import { eachPolicy, fail, type Rule } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

export const endpointPolicyOtherAccounts: Rule = {
  id: 'ec2-endpoint-policy-other-accounts',
  title: 'An endpoint leads into no account but your own',
  severity: 'high',
  standards: ['GENSEC01-BP02', 'GENSEC01-BP03', 'LLM02'],
  rationale:
    'An endpoint takes data to resources of any account that the policy lets through: a bucket, a queue or a model of ' +
    'somebody else. A private network with an open endpoint is not private.',
  remediation:
    'Name resources with the account, or ask for `aws:ResourceAccount` or `aws:ResourceOrgID`. Buckets that AWS owns ' +
    '(of image layers, of custom resources) are named one by one.',
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  examine: eachPolicy(['endpoint'], ({ statements, path }) => {
    const areOthersDenied = statements.some((one) => one.effect === 'Deny' && asksForOwner(one, /Not/));
    const isOpen = statements.some(
      (one) =>
        one.effect === 'Allow' &&
        !areOthersDenied &&
        !asksForOwner(one, /^(?!.*(?:Not|IfExists))/) &&
        (one.notResources.length > 0 || one.resources.length === 0 || !one.resources.every(hasOwner)),
    );
    return isOpen ? [fail(path, 'resources of other accounts can be reached')] : [];
  }),
};

const asksForOwner = ({ conditions }: Statement, operator: RegExp) =>
  conditions.some((one) => /^aws:Resource(?:Account|OrgID|OrgPaths)$/i.test(one.key) && operator.test(one.operator));

/** Whether an ARN says whose resource it is. A bucket is somebody's by its name; a foundation model is nobody's. */
function hasOwner(arn: string): boolean {
  if (/^\$\{(?!\?)/.test(arn)) return true;
  const [, , service = '', , account = '', ...rest] = arn.replace(/\$\{[^}]*\}/g, 'known').split(':');
  if (service === 's3') return !/[*?]/.test((rest.join(':').split('/')[0] ?? '*') || '*');
  if (service === 'bedrock' && /^foundation-model\//.test(rest.join(':'))) return true;
  return account !== '' && !/[*?]/.test(account);
}
