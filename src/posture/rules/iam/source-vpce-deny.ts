import { eachPolicy, fail, type Problem, type Rule } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

export const sourceVpceDeny: Rule = {
  id: 'iam-source-vpce-deny',
  title: 'A deny outside of the network spares what AWS does for you',
  severity: 'medium',
  standards: ['GENSEC01-BP02', 'GENREL02-BP01'],
  rationale:
    'A service that calls another for you (S3 asks KMS for the key) does not come through your endpoint: a plain deny by ' +
    '`aws:SourceVpce` breaks it, and is then taken out whole. In a policy of a resource it also shuts out services that ' +
    'deliver to it.',
  remediation:
    'Add `"BoolIfExists": {"aws:ViaAWSService": "false"}`, and in policies of resources ' +
    '`"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  examine: eachPolicy(['identity', 'resource', 'organization'], ({ statements, path, kind }) =>
    statements.filter(deniesOutside).flatMap((statement): readonly Problem[] => {
      const missing = ['aws:ViaAWSService', ...(kind === 'identity' ? [] : ['aws:PrincipalIsAWSService'])].filter(
        (key) => !spares(statement, key),
      );
      return missing.map((key) => fail(path, `the deny does not ask for \`${key}\` to be false`));
    }),
  ),
};

const deniesOutside = ({ effect, conditions }: Statement) =>
  effect === 'Deny' && conditions.some(({ key, operator }) => /^aws:SourceVpce?$/i.test(key) && /Not/.test(operator));

const spares = ({ conditions }: Statement, key: string) =>
  conditions.some(
    (one) => one.key.toLowerCase() === key.toLowerCase() && /^Bool/.test(one.operator) && one.values.includes('false'),
  );
