import { Aws, type Stack } from 'aws-cdk-lib';
import type { AccountPlace } from '../account/account-setting.ts';
import type { EndpointGrant } from '../network/endpoint-policy.ts';
import { toArn, toRoleArn } from '../policy/arns.ts';
import { readPublished, readPublishedNetwork, toParameters } from './published.ts';
import type { Settings } from './settings.ts';

/** Names, the key of logs and the network, for functions that set what an account has once. */
export function toAccountPlace(stack: Stack, settings: Settings): AccountPlace {
  const { subnets, securityGroups } = readPublishedNetwork(stack, settings, 'functions');
  return {
    prefix: settings.prefix,
    path: toParameters(settings),
    logKeyArn: readPublished(stack, settings, 'keys/logs'),
    network: { subnetIds: subnets, securityGroupIds: securityGroups },
  };
}

/** Whether anything of Bedrock is set that an account has once. */
export function setsBedrock({ deploy }: Settings): boolean {
  return deploy.baseline !== undefined || deploy.invocationLogging !== undefined;
}

/** What functions that set something once for the account call through endpoints, by service. */
export function settingGrants(settings: Settings): Readonly<Record<string, readonly EndpointGrant[]>> {
  if (!setsBedrock(settings)) return {};
  const principals = [toRoleArn(`${settings.prefix}-*-setter`)];
  const grant = (actions: readonly string[], resources: readonly string[] = ['*']): readonly EndpointGrant[] => [
    { actions, resources, principals },
  ];
  const bedrock = grant([
    'bedrock:GetModelInvocationLoggingConfiguration',
    'bedrock:PutModelInvocationLoggingConfiguration',
    'bedrock:DeleteModelInvocationLoggingConfiguration',
    'bedrock:GetAccountDataRetention',
    'bedrock:ListEnforcedGuardrailsConfiguration',
    'bedrock:PutEnforcedGuardrailConfiguration',
    'bedrock:DeleteEnforcedGuardrailConfiguration',
  ]);
  const memory = toArn('ssm', `parameter${toParameters(settings)}/before/*`);
  const ssm = grant(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], [memory]);
  if (settings.deploy.baseline === undefined) return { bedrock, ssm };
  return {
    bedrock,
    ssm,
    guardduty: grant([
      ...['guardduty:ListDetectors', 'guardduty:GetDetector', 'guardduty:GetAdministratorAccount'],
      ...['guardduty:CreateDetector', 'guardduty:UpdateDetector', 'guardduty:DeleteDetector'],
    ]),
    macie2: grant([
      ...['macie2:GetMacieSession', 'macie2:EnableMacie', 'macie2:UpdateMacieSession', 'macie2:DisableMacie'],
      ...['macie2:GetAutomatedDiscoveryConfiguration', 'macie2:UpdateAutomatedDiscoveryConfiguration'],
      ...['macie2:GetClassificationExportConfiguration', 'macie2:PutClassificationExportConfiguration'],
      ...['macie2:ListClassificationJobs', 'macie2:CreateClassificationJob', 'macie2:UpdateClassificationJob'],
    ]),
    securityhub: grant([
      ...['securityhub:DescribeHub', 'securityhub:EnableSecurityHub', 'securityhub:DisableSecurityHub'],
      ...['securityhub:GetEnabledStandards', 'securityhub:BatchEnableStandards', 'securityhub:BatchDisableStandards'],
    ]),
  };
}

/** Buckets that Macie looks through: documents, invocation logs, and logs that should have nothing personal in them. */
export function toMacieJobs({ deploy, prefix }: Settings): Readonly<Record<string, readonly string[]>> {
  const { baseline, invocationLogging } = deploy;
  const own = (name: string) => `${prefix}-${name}-${Aws.ACCOUNT_ID}`;
  return {
    ...(baseline === undefined || baseline.documents.length === 0 ? {} : { documents: baseline.documents }),
    ...(invocationLogging?.mode === 'create' ? { invocations: [own('invocations')] } : {}),
    ...(baseline?.trail === true ? { logs: [own('trail')] } : {}),
  };
}
