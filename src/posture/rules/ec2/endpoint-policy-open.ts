import { eachPolicy, fail, type Problem, type Rule } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

export const endpointPolicyOpen: Rule = {
  id: 'ec2-endpoint-policy-open',
  title: "An endpoint's policy names actions and callers",
  severity: 'high',
  standards: ['GENSEC01-BP01', 'GENSEC01-BP02'],
  rationale:
    'A policy that takes every action, in whatever spelling (`*`, `bedrock:*`, `bedrock:??*`, `NotAction`), or every ' +
    'caller without a condition on who that is, is as good as none: stolen credentials of another account pass.',
  remediation:
    'Name actions, and roles as principals; at gateway endpoints `*` with a condition on `aws:PrincipalArn`.',
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  examine: eachPolicy(['endpoint'], ({ statements, path }) => {
    const allowing = statements.filter(({ effect }) => effect === 'Allow');
    const areOthersDenied = statements.some((one) => one.effect === 'Deny' && namesCaller(one, /Not/));
    return allowing.flatMap((statement): readonly Problem[] => {
      const problems: Problem[] = [];
      if (statement.notActions.length > 0) problems.push(fail(path, '`NotAction` allows what is not named'));
      if (statement.actions.some(isEvery)) problems.push(fail(path, 'every action of the service is allowed'));
      if (statement.principals.length === 0) problems.push(fail(path, 'a statement names no principal'));
      const isAnyone = statement.principals.includes('*') && !statement.resources.every(isOfAws);
      if (isAnyone && !areOthersDenied && !namesCaller(statement, /^(?!.*(?:Not|IfExists))/)) {
        problems.push(fail(path, 'any caller is allowed'));
      }
      return problems;
    });
  }),
};

/** Buckets that AWS owns and gives signed addresses of: who calls is AWS's own. Layers of images, custom resources. */
const isOfAws = (arn: string) =>
  /:s3:::(?:prod-[^/*?]+-starport-layer-bucket|cloudformation-custom-resource-response-[^/*?]+)\/\*$/.test(arn);

/** `*`, `bedrock:*`, `bedrock:??*`: nothing is left of the action but wildcards. */
const isEvery = (action: string) => /^(?:[^:]*:)?[*?]+$/.test(action);

const CALLER =
  /^aws:(?:PrincipalArn|PrincipalAccount|PrincipalOrgID|PrincipalOrgPaths|PrincipalTag\/.+|userid|PrincipalIsAWSService)$/i;

const namesCaller = ({ conditions }: Statement, operator: RegExp) =>
  conditions.some(
    (one) => CALLER.test(one.key) && operator.test(one.operator) && !one.values.every((value) => /^[*?]+$/.test(value)),
  );
