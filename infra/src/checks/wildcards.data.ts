import type { Acknowledgement } from './acknowledgement.ts';
import { wildcards } from './standing.ts';

/** What takes no resource, or none that is known before. */
const EVERY = '*';
const regional = (service: string, name: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${name}`;
const global = (service: string, name: string) => `arn:<AWS::Partition>:${service}::<AWS::AccountId>:${name}`;

/** Objects of the workflow's bucket. */
const exchanged = (path: string) => `arn:<AWS::Partition>:s3:::sallyport-prod-workflow-111122223333/${path}`;

/** Roles and policies that name resources by a wildcard, but for those of the deployment and of the workflow. */
export const wildcardAcknowledgements: readonly Acknowledgement[] = [
  ...wildcards({
    stack: 'gateway',
    roles: {
      Role7FEADFAB: [
        'arn:aws:s3:eu-central-1:111122223333:accesspoint/sallyport-prod-application/object/*',
        'arn:aws:s3:eu-central-1:111122223333:accesspoint/sallyport-prod-application/object/journal/*',
        global('iam', 'role/sallyport-prod-tenant-*'),
        global('iam', 'role/sallyport-prod-pool-*'),
        global('iam', 'role/sallyport-prod-embeds-*'),
      ],
    },
    reason: "Objects below the log's prefixes, and roles of tenants, which trust the gateway each by itself.",
    test: { file: 'infra/src/app/network-stack.test.ts', name: 'may %s of %s: %s' },
  }),
  ...wildcards({
    stack: 'record',
    roles: {
      LogReplicationRoleAD93DE42: [
        'arn:<AWS::Partition>:s3:::sallyport-prod-log-<AWS::AccountId>/*',
        'arn:aws:s3:::acme-log-copy/*',
      ],
    },
    reason: 'Every object of the log is copied.',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is made of tiles, segments and checkpoints, under the key of its place, by a role for that alone',
    },
  }),
  ...wildcards({
    stack: 'record',
    roles: {
      SequencerRoleF2163BDE: [
        regional('s3', 'accesspoint/sallyport-prod-application/object/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/tile/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/segments/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/staging/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/journal/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/tile/*.p/*'),
        'arn:<AWS::Partition>:s3:::acme-vault/*',
        '<JournalTableCE7B48DF.Arn>/stream/*',
        EVERY,
      ],
    },
    reason:
      "Tiles and segments are named by number, the stream by the time it was made; Lambda's network interfaces take no resource, and are denied to the code.",
    test: { file: 'infra/src/app/stacks.test.ts', name: 'does what it does, and no more' },
  }),
  ...wildcards({
    stack: 'record',
    roles: {
      RoleoperatorRoleBB2A0E48: [
        regional('s3', 'accesspoint/sallyport-prod-application/object/*'),
        regional('s3', 'accesspoint/sallyport-prod-application/object/journal/*'),
      ],
    },
    reason: 'Objects of the log are named by number.',
    test: {
      file: 'infra/src/app/stacks.test.ts',
      name: 'let an operator run commands, and neither take the log on nor take from the journal',
    },
  }),
  ...wildcards({
    stack: 'record',
    roles: {
      RoleauditorRole277061BC: [
        regional('s3', 'accesspoint/sallyport-prod-log-auditor/object/tile/*'),
        regional('s3', 'accesspoint/sallyport-prod-log-auditor/object/segments/*'),
      ],
    },
    reason: 'Objects of the log are named by number.',
    test: {
      file: 'infra/src/app/stacks.test.ts',
      name: 'let an auditor read the log, and neither its journal nor what was said',
    },
  }),
  ...wildcards({
    stack: 'record',
    roles: {
      RolesecurityRoleAC3F6414: [regional('s3', 'accesspoint/sallyport-prod-log-security/object/*')],
    },
    reason: 'Names, versions and locks of every object, and no content.',
    test: { file: 'infra/src/record/audit-store.test.ts', name: 'let each role at its part alone' },
  }),
  ...wildcards({
    stack: 'tenants',
    roles: {
      tenantbankRole0B62B800: [exchanged('requests/bank/*'), exchanged('replies/bank/*')],
      tenantclinicRole7FE80BF4: [exchanged('requests/clinic/*'), exchanged('replies/clinic/*')],
    },
    reason: "Objects below the tenant's own prefix, which have names that the tenant gives.",
    test: {
      file: 'infra/src/tenants/tenant-role.test.ts',
      name: 'puts down requests and reads replies below its own prefix',
    },
  }),
  ...wildcards({
    stack: 'tenants',
    roles: {
      BoundaryPolicy9AEF8565: [
        exchanged('*'),
        'arn:<AWS::Partition>:bedrock:*::foundation-model/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:inference-profile/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:application-inference-profile/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:provisioned-model/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:custom-model-deployment/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:imported-model/*',
        'arn:<AWS::Partition>:bedrock:*:<AWS::AccountId>:guardrail/*',
      ],
    },
    reason:
      "A boundary permits nothing by itself: it is the most that tenants' roles, which name models, can be given.",
    test: {
      file: 'infra/src/tenants/tenant-role.test.ts',
      name: 'is bounded: whoever writes more into it gives it neither administration nor data of others',
    },
  }),
  ...wildcards({
    stack: 'service',
    roles: {
      ServiceTaskExecutionRoleBBE43486: [EVERY],
    },
    reason: '`ecr:GetAuthorizationToken` takes no resource.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'is started by a role that gets this image and writes this log, for ECS of this account alone',
    },
  }),
  ...wildcards({
    stack: 'bedrock',
    roles: {
      InvocationLoggingFunctionRoleF00EA318: [
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-invocation-logging-setter:log-stream:*'),
        EVERY,
      ],
    },
    reason:
      "Settings of an account, and Lambda's network interfaces, take no resource; log streams are named by Lambda.",
    test: {
      file: 'infra/src/bedrock/invocation-logging.test.ts',
      name: 'is set by a function that may do that, keep one parameter, and pass one role to Bedrock',
    },
  }),
  ...wildcards({
    stack: 'baseline',
    roles: {
      BaselineGuardDutyFunctionRoleA5A89808: [
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-guardduty-setter:log-stream:*'),
        EVERY,
        regional('guardduty', 'detector/*'),
        global('iam', 'role/aws-service-role/guardduty.amazonaws.com/*'),
      ],
      BaselineSecurityHubFunctionRole41D8C41D: [
        EVERY,
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-security-hub-setter:log-stream:*'),
        global('iam', 'role/aws-service-role/securityhub.amazonaws.com/*'),
      ],
      BaselineMacieFunctionRole5CBFC670: [
        EVERY,
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-macie-setter:log-stream:*'),
        regional('macie2', 'classification-job/*'),
        global('iam', 'role/aws-service-role/macie.amazonaws.com/*'),
      ],
      BaselineDataRetentionFunctionRole60F16582: [
        EVERY,
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-data-retention-setter:log-stream:*'),
      ],
      EnforcedGuardrailEnforcementFunctionRole838D0CC1: [
        EVERY,
        regional('logs', 'log-group:/aws/lambda/sallyport-prod-enforced-guardrail-setter:log-stream:*'),
      ],
    },
    reason:
      "Settings of an account, and Lambda's network interfaces, take no resource; detectors, jobs and log streams are named by AWS.",
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'is set by a function each, that may do no more, and keeps its log under a key for a time',
    },
  }),
  ...wildcards({
    stack: 'baseline',
    roles: {
      BreakGlassRole4903F45A: [
        EVERY,
        regional('kms', 'key/*'),
        regional('dynamodb', 'table/sallyport-prod-*'),
        regional('cloudformation', 'stack/Sallyport-*'),
        regional('ecs', 'service/sallyport-prod*'),
        regional('lambda', 'function:sallyport-prod-*'),
        regional('cloudtrail', 'trail/sallyport-prod-*'),
      ],
    },
    reason: 'In an emergency nobody knows beforehand what is to be repaired: whatever has our names.',
    test: { file: 'infra/src/organization/deployment.test.ts', name: 'repairs, and reads no content' },
  }),
  ...wildcards({
    stack: 'baseline',
    roles: {
      TrailLogRoleDD261B50: [
        regional('logs', 'log-group:/sallyport/prod/trail:log-stream:<AWS::AccountId>_CloudTrail_*'),
      ],
    },
    reason: 'CloudTrail names its log streams, beginning with the account.',
    test: { file: 'infra/src/account/account.test.ts', name: 'is written by the one trail of this account' },
  }),
];
