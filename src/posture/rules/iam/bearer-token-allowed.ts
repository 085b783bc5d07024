import { broadPolicies, permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';

const ACTIONS = ['bedrock:CallWithBearerToken', 'bedrock-mantle:CallWithBearerToken'] as const;

export const bearerTokenAllowed: Rule = {
  id: 'iam-bearer-token-allowed',
  title: 'Nobody may call Bedrock with an API key',
  severity: 'high',
  standards: ['GENSEC01-BP01'],
  rationale:
    'A Bedrock API key is a bearer secret: whoever has it calls models, from anywhere the network lets through, without ' +
    'a signature. That keys are made cannot be prevented, only that they are used, at both front doors.',
  remediation:
    'Allow neither `bedrock:CallWithBearerToken` nor `bedrock-mantle:CallWithBearerToken`; make no Bedrock keys.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  examine: (subject) => [
    ...eachPrincipal((principal) =>
      ACTIONS.flatMap((action): readonly Problem[] => {
        const permission = permissionOf(principal, action);
        if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
        const isAllowed = permission.kind === 'yes' || broadPolicies(principal).length > 0;
        return isAllowed ? [fail('', `\`${action}\` is allowed`)] : [];
      }),
    )(subject),
    ...subject.template.resources
      .filter(({ type, properties }) => isKey(type, properties.ServiceName))
      .map((resource) => ({ kind: 'fail' as const, resource, path: '', message: 'a Bedrock API key is made' })),
  ],
};

const isKey = (type: string, service: unknown) =>
  type === 'AWS::IAM::ServiceSpecificCredential' && String(service).startsWith('bedrock');
