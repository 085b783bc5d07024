import { makersOfRoles, type OrganizationRules, ownRoles } from './organization-rules.ts';
import type { OrganizationPolicy, Statement } from './policy.ts';

/** Keeps logs, guardrails and detection from whoever administers an account: they are changed by our own roles alone. */
export function createProtectionPolicy(rules: OrganizationRules): OrganizationPolicy {
  const Condition = { ArnNotLike: { 'aws:PrincipalArn': ownRoles(rules) } };
  const keep = (Sid: string, Action: readonly string[], Resource: Statement['Resource'] = '*'): Statement => ({
    ...{ Sid, Effect: 'Deny', Action },
    ...{ Resource, Condition },
  });
  const { partition } = rules;
  return {
    name: 'sallyport-protection',
    description: 'Logging, guardrails, detection and their roles are changed by those roles alone.',
    kind: 'SERVICE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: [
        keep('Logging', [
          'bedrock:PutModelInvocationLoggingConfiguration',
          'bedrock:DeleteModelInvocationLoggingConfiguration',
          'bedrock:PutAccountDataRetention',
        ]),
        keep('Guardrails', [
          'bedrock:UpdateGuardrail',
          'bedrock:DeleteGuardrail',
          'bedrock:PutEnforcedGuardrailConfiguration',
          'bedrock:DeleteEnforcedGuardrailConfiguration',
          'bedrock:PutResourcePolicy',
          'bedrock:DeleteResourcePolicy',
        ]),
        keep('Detection', [
          'access-analyzer:DeleteAnalyzer',
          'cloudtrail:DeleteTrail',
          'cloudtrail:PutEventSelectors',
          'cloudtrail:StopLogging',
          'cloudtrail:UpdateTrail',
          'guardduty:DeleteDetector',
          'guardduty:DisassociateFromAdministratorAccount',
          'guardduty:UpdateDetector',
          'macie2:DisableMacie',
          'macie2:UpdateAutomatedDiscoveryConfiguration',
          'macie2:UpdateMacieSession',
          'securityhub:BatchDisableStandards',
          'securityhub:DisableSecurityHub',
        ]),
        keep(
          'Logs',
          [
            'logs:DeleteDataProtectionPolicy',
            'logs:DeleteLogGroup',
            'logs:DeleteRetentionPolicy',
            'logs:DisassociateKmsKey',
            'logs:PutDataProtectionPolicy',
            'logs:PutRetentionPolicy',
          ],
          [`arn:${partition}:logs:*:*:log-group:/sallyport/*`],
        ),
        {
          Sid: 'Roles',
          Effect: 'Deny',
          // Whoever could make a role of these names would be excepted above.
          Action: [
            'iam:AttachRolePolicy',
            'iam:CreateRole',
            'iam:DeleteRolePolicy',
            'iam:DetachRolePolicy',
            'iam:PutRolePolicy',
            'iam:UpdateAssumeRolePolicy',
          ],
          Resource: ownRoles(rules),
          Condition: { ArnNotLike: { 'aws:PrincipalArn': makersOfRoles(rules) } },
        },
      ],
    },
  };
}
