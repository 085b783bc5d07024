import { speaksOf } from '../../principals.ts';
import { eachPolicy, fail, type Rule } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

const KEYS = ['bedrock:CallWithBearerToken', 'bedrock-mantle:CallWithBearerToken'] as const;

export const oneDoorDenied: Rule = {
  id: 'organizations-one-door-denied',
  title: 'What an organization denies at one door of Bedrock it denies at both',
  severity: 'high',
  standards: ['GENSEC01-BP01', 'GENSEC01-BP02'],
  rationale:
    'Bedrock has two endpoints with an IAM prefix each. A policy that denies API keys, or calls of models, under one ' +
    'prefix leaves the other open; published examples do.',
  remediation: 'Deny `bedrock-mantle:` wherever `bedrock:` is denied.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  examine: eachPolicy(['organization'], ({ statements, path }) => {
    const [own, other] = KEYS.map((action) => statements.some((one) => denies(one, action)));
    const isKeyOpen = own !== other ? [fail(path, 'API keys are denied at one of two doors')] : [];
    const isInvokeDenied = statements.some((one) => denies(one, 'bedrock:InvokeModel'));
    const isMantleDenied = statements.some((one) => denies(one, 'bedrock-mantle:CreateInference'));
    const isOpen = isInvokeDenied && !isMantleDenied;
    return isOpen
      ? [...isKeyOpen, fail(path, 'calls are bounded at one door, and free at `bedrock-mantle`')]
      : isKeyOpen;
  }),
};

const denies = (statement: Statement, action: string) => statement.effect === 'Deny' && speaksOf(statement, action);
