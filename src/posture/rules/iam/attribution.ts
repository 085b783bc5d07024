import { broadPolicies, permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import type { Statement } from '../../statement.ts';
import { INVOKE } from '../invoking.ts';

export const attribution: Rule = {
  id: 'iam-attribution',
  title: 'A call of a model can be laid to who made it',
  severity: 'medium',
  standards: ['GENSEC01-BP04', 'GENSEC03-BP01'],
  rationale:
    'Of what the invocation log says of a caller, the request metadata are what the caller chose. The name of the ' +
    'session and its tags come from the service: a trust policy that asks for neither leaves a tenant to its own word.',
  remediation:
    'In the trust policy ask for `sts:RoleSessionName`, `sts:SourceIdentity` or a session tag (`aws:RequestTag/…`).',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: eachPrincipal((principal) => {
    const mayInvoke =
      INVOKE.some((action) => permissionOf(principal, action).kind !== 'no') || broadPolicies(principal).length > 0;
    if (!mayInvoke) return [];
    if (principal.resource.type === 'AWS::IAM::User') return [fail('', 'a user has keys that last, and no session')];
    return principal.trust.flatMap(({ statements, unread, path }): readonly Problem[] => {
      if (unread !== undefined) return [unassessed(path, unread)];
      const isOpen = statements.some((one) => one.effect === 'Allow' && isOfPeople(one) && !namesSession(one));
      return isOpen ? [fail(path, 'whoever assumes the role chooses the name of the session')] : [];
    });
  }),
};

/** A service gives its sessions names of its own, a federated one takes them from the token. */
const isOfPeople = ({ principals }: Statement) => principals.some((name) => name === '*' || name.startsWith('AWS:'));

const namesSession = ({ conditions }: Statement) =>
  conditions.some(
    ({ key, operator }) =>
      /^(?:sts:RoleSessionName|sts:SourceIdentity|aws:RequestTag\/.+)$/i.test(key) &&
      /^(?:ForAnyValue:)?String(?:Equals|Like)$/.test(operator),
  );
