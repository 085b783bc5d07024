import { Aws, aws_bedrock as bedrock } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Guardrail } from '../bedrock/guardrail.ts';
import { type AccountPlace, AccountSetting, settingStatement } from './account-setting.ts';

export interface EnforcedGuardrailProps {
  readonly place: AccountPlace;
  /** Path of a file with the JSON of a `CreateGuardrail` request. */
  readonly file: string;
  readonly kmsKeyArn: string;
  /** Deployed one after the other: what each means stands at `createEnforcedGuardrailSetting`. */
  readonly stage: 'grant' | 'observe' | 'enforce';
}

/**
 * A guardrail that Bedrock applies to every call of the account, beside whatever the caller asks for.
 *
 * From the first stage on, callers of this account may apply it: by its own policy, so that no role has to be changed
 * and none is forgotten. Permission boundaries and policies of the organization still count.
 *
 * Source: Amazon Bedrock User Guide, "Using resource-based policies for guardrails".
 */
export class EnforcedGuardrail extends Construct {
  constructor(scope: Construct, id: string, { place, file, kmsKeyArn, stage }: EnforcedGuardrailProps) {
    super(scope, id);
    const common = { file, kmsKeyArn, namePrefix: `${place.prefix}-enforced-` };
    const enforcing = new Guardrail(this, 'Enforcing', common);
    const observing = new Guardrail(this, 'Observing', { ...common, isObserving: true });
    const grants = [enforcing, observing].map(
      ({ arn }, index) =>
        new bedrock.CfnResourcePolicy(this, `Grant${index}`, { resourceArn: arn, policyDocument: toGrant(arn) }),
    );
    const { resource } = new AccountSetting(this, 'Enforcement', {
      place,
      name: 'enforced-guardrail',
      resourceType: 'Custom::SallyportEnforcedGuardrail',
      description: 'Sets the guardrail that Bedrock applies to every call.',
      statements: [
        settingStatement('EnforcedGuardrails', [
          'bedrock:ListEnforcedGuardrailsConfiguration',
          'bedrock:PutEnforcedGuardrailConfiguration',
          'bedrock:DeleteEnforcedGuardrailConfiguration',
        ]),
      ],
      properties: {
        Stage: stage,
        Guardrail: enforcing.arn,
        Version: enforcing.version,
        ObservingGuardrail: observing.arn,
        ObservingVersion: observing.version,
      },
    });
    resource.node.addDependency(...grants);
  }
}

function toGrant(arn: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CallersOfThisAccount',
        Effect: 'Allow',
        Principal: '*',
        Action: ['bedrock:ApplyGuardrail', 'bedrock:GetGuardrail'],
        Resource: arn,
        Condition: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
      },
    ],
  };
}
