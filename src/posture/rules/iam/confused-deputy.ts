import { eachPolicy, fail, type Rule } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

export const confusedDeputy: Rule = {
  id: 'iam-confused-deputy',
  title: 'A service is let in for your account alone',
  severity: 'high',
  standards: ['GENSEC01-BP03', 'GENSEC03-BP01'],
  rationale:
    'A service principal is the service of everybody: without a condition Bedrock of another account writes to your log ' +
    'bucket, or uses your key.',
  remediation: 'Ask for `aws:SourceAccount` or `aws:SourceArn`; of keys for log groups the encryption context will do.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  examine: eachPolicy(['resource', 'trust'], ({ statements, path, kind }) => {
    const isOpen = statements.some(
      (one) => one.effect === 'Allow' && one.principals.some(kind === 'trust' ? isBedrock : isService) && !isBound(one),
    );
    return isOpen ? [fail(path, 'the service may come for any account')] : [];
  }),
};

const isService = (name: string) => name.startsWith('Service:');
/** Of services that assume roles, those that do so for whoever names the role. */
const isBedrock = (name: string) => /^Service:bedrock[a-z-]*\./.test(name);

const isBound = ({ conditions }: Statement) =>
  conditions.some(
    ({ key, operator }) =>
      /^(?:aws:Source(?:Account|Arn|OrgID|OrgPaths)|kms:EncryptionContext:.+)$/i.test(key) &&
      /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like)/.test(operator) &&
      !/IfExists$/.test(operator),
  );
