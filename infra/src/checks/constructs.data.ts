import type { Acknowledgement } from './acknowledgement.ts';
import { HEALTH_AND_FEDERAL, inPacks, standing, THREE } from './standing.ts';

/** Roles with the policies that they alone have. */
const ROLES = {
  bootstrap: ['deployrole', 'filepublishingrole', 'lookuprole'],
  gateway: ['Role7FEADFAB'],
  network: ['NetworkLogsFlowsRoleED042950'],
  record: [
    'LogReplicationRoleAD93DE42',
    'RoleauditorRole277061BC',
    'RoleoperatorRoleBB2A0E48',
    'RolesecurityRoleAC3F6414',
    'SequencerRoleF2163BDE',
    'SequencerScheduleRole4289B51A',
  ],
  tenants: ['embedsbankRoleB8285468', 'embedsclinicRole9433CE19', 'tenantbankRole0B62B800', 'tenantclinicRole7FE80BF4'],
  workflow: [
    'WorkflowApplicationsRoleDC9E3ABA',
    'WorkflowMachinesRole6ECE673C',
    'WorkflowStepguardRoleC1C09721',
    'WorkflowStepinvokeRoleE0B54AA2',
    'WorkflowSteprecordRoleE14A59E7',
    'WorkflowStepsanitiseRole53128DB2',
    'WorkflowStepscanRole67BF4209',
  ],
  service: ['ServiceTaskExecutionRoleBBE43486'],
  bedrock: ['InvocationLoggingFunctionRoleF00EA318', 'InvocationLoggingRoleA3A51F83'],
  baseline: [
    'BaselineDataRetentionFunctionRole60F16582',
    'BaselineGuardDutyFunctionRoleA5A89808',
    'BaselineMacieFunctionRole5CBFC670',
    'BaselineSecurityHubFunctionRole41D8C41D',
    'BreakGlassRole4903F45A',
    'EnforcedGuardrailEnforcementFunctionRole838D0CC1',
    'TrailLogRoleDD261B50',
  ],
};

/** Functions that CloudFormation calls for a setting of the account. */
const SETTERS = {
  bedrock: ['InvocationLoggingFunction850E60B2'],
  baseline: [
    'BaselineDataRetentionFunction36585BD4',
    'BaselineGuardDutyFunction347F0B2A',
    'BaselineMacieFunction879D70D8',
    'BaselineSecurityHubFunctionB2E300F6',
    'EnforcedGuardrailEnforcementFunction169C1F1C',
  ],
};

const LOGGING = ['AwsSolutions-S1', ...inPacks('S3BucketLoggingEnabled', THREE)];
const REPLICATION = inPacks('S3BucketReplicationEnabled', THREE);
const KMS_BY_DEFAULT = inPacks('S3DefaultEncryptionKMS', THREE);

/** What cdk-nag finds on constructs, but for wildcards. */
export const constructAcknowledgements: readonly Acknowledgement[] = [
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('IAMNoInlinePolicy', THREE),
    on: ROLES,
    reason: 'A policy of one role goes with it: nobody can give it to another, and no other change reaches the role.',
    test: {
      file: 'infra/src/checks/checks.test.ts',
      name: 'permit actions by their names, and attach no policy of AWS',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('LambdaConcurrency', HEALTH_AND_FEDERAL),
    on: SETTERS,
    reason:
      'Only CloudFormation calls it, one deployment at a time; concurrency kept for it would be taken from others.',
    test: { file: 'infra/src/custom-resources/handler.test.ts', name: 'takes no event that is none of CloudFormation' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('LambdaDLQ', HEALTH_AND_FEDERAL),
    on: SETTERS,
    reason: 'Who waits for it is CloudFormation: it answers a failure itself, before its time ends.',
    test: {
      file: 'infra/src/custom-resources/handler.test.ts',
      name: 'answers before its time ends, where what it asks does not',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('LambdaDLQ', HEALTH_AND_FEDERAL),
    on: { record: ['SequencerFunctionFC08E272'] },
    reason:
      'What fails goes to the queue by destinations, of the stream and of other calls, which say more than a dead letter.',
    test: {
      file: 'infra/src/app/stacks.test.ts',
      name: 'make the sequencer: one at a time, in the network, woken by what is inserted and each minute',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: ['AwsSolutions-SQS3'],
    on: { record: ['SequencerDeadLettersE05818CD'] },
    reason: 'It is where dead letters go, by destinations of the function.',
    test: {
      file: 'infra/src/app/stacks.test.ts',
      name: 'make the sequencer: one at a time, in the network, woken by what is inserted and each minute',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('DynamoDBInBackupPlan', HEALTH_AND_FEDERAL),
    on: { record: ['JournalTableCE7B48DF', 'StateTable96BC688D'] },
    reason: 'They are put back to any second by themselves; a backup that is kept longer would keep what was erased.',
    test: {
      file: 'infra/src/record/tables.test.ts',
      name: 'are under a key of ours, put back to any second, and not deleted by mistake',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: {
      baseline: ['BaselineFindingsBucketF6EF3144'],
      bedrock: ['InvocationLoggingBucketAA3A30AB'],
    },
    reason:
      'The trail has each call to its objects, with who called; access logs would say less, later and not always.',
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'has every call to a model, data events of Bedrock, and calls that endpoints refused',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: { baseline: ['TrailBucketA4A2526A'] },
    reason:
      'A log of who reads the trail would be another bucket of that kind; what is changed in it shows by its digests.',
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'has every call to a model, data events of Bedrock, and calls that endpoints refused',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: { record: ['LogReportsBucket9A41D02F'] },
    reason: 'It is where access logs go; of itself it would write without end. The trail has calls to its objects.',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is reported on where only S3 writes, of this bucket alone and by TLS',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: { service: ['ServiceLoadBalancerLogsBucketAE9F6966'] },
    reason: 'It is where access logs go, of the load balancer and without content.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs to a bucket that is not public, takes TLS alone and expires, from this load balancer alone',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: { bootstrap: ['Assets'] },
    reason:
      'Templates and code, which the roles of a deployment alone read and write; it is there before a bucket of logs is.',
    test: {
      file: 'infra/src/organization/deployment.test.ts',
      name: 'hands roles of ours alone to services, and has the names that the CDK looks for',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: LOGGING,
    on: { vault: ['VaultBucket69E5E64B'] },
    reason:
      'What matters there cannot happen: a checkpoint is neither changed nor removed, and says nothing to who reads it.',
    test: { file: 'infra/src/record/vault.test.ts', name: 'locks every checkpoint for ten years, for whomever' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: { bedrock: ['InvocationLoggingBucketAA3A30AB'] },
    reason: 'It has prompts and answers that end before an erasure is due; a copy would not.',
    test: {
      file: 'infra/src/bedrock/invocation-logging.test.ts',
      name: 'ends with its content before erasure is due, and can be erased',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: { vault: ['VaultBucket69E5E64B'] },
    reason: 'It is the copy: in another account, and in another Region where that is wanted.',
    test: { file: 'infra/src/record/vault.test.ts', name: 'locks every checkpoint for ten years, for whomever' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: {
      baseline: ['BaselineFindingsBucketF6EF3144', 'TrailBucketA4A2526A'],
    },
    reason:
      'It says what was seen, and is no record that anything is built from again; CloudWatch has the trail as well.',
    test: { file: 'infra/src/account/account.test.ts', name: 'is written by the one trail of this account' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: { record: ['LogReportsBucket9A41D02F'] },
    reason: 'Its lists of objects are made anew each day, and the log itself is what is copied.',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is made of tiles, segments and checkpoints, under the key of its place, by a role for that alone',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: { service: ['ServiceLoadBalancerLogsBucketAE9F6966'] },
    reason: 'Times, paths and status, which nothing is built from again.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs to a bucket that is not public, takes TLS alone and expires, from this load balancer alone',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: REPLICATION,
    on: { bootstrap: ['Assets'] },
    reason: 'What is in it is made from the sources again, by name of its content.',
    test: {
      file: 'infra/src/organization/deployment.test.ts',
      name: 'hands roles of ours alone to services, and has the names that the CDK looks for',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: KMS_BY_DEFAULT,
    on: { record: ['LogReportsBucket9A41D02F'] },
    reason: 'Server access logs go to no bucket under KMS (Amazon S3, "Enabling server access logging").',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is reported on where only S3 writes, of this bucket alone and by TLS',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: KMS_BY_DEFAULT,
    on: { service: ['ServiceLoadBalancerLogsBucketAE9F6966'] },
    reason: 'Load balancers write under no key of KMS (Elastic Load Balancing, "Access logs").',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs to a bucket that is not public, takes TLS alone and expires, from this load balancer alone',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('ALBWAFEnabled', ['NIST.800.53.R5', 'PCI.DSS.321']),
    on: { service: ['ServiceLoadBalancer56F74531'] },
    reason:
      'It is internal and takes callers with a certificate of ours alone; the gateway reads every request whole, a WAF its first 8 kB.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'verifies certificates of callers where there is a trust store, expired ones as such',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: ['AwsSolutions-ECS2'],
    on: { service: ['ServiceTaskDefinitionA378C419'] },
    reason: 'Settings without a secret: those come from Secrets Manager, by the gateway itself.',
    test: { file: 'infra/src/gateway/gateway-service.test.ts', name: 'has no secret in its environment' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: ['AwsSolutions-ECS4'],
    on: { service: ['ServiceClusterEC592A3A'] },
    reason: "Container Insights makes a log group of its own, without a key. The gateway's metrics are in its own log.",
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs under the key and for a time, and is not held up by that',
    },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: inPacks('VPCDefaultSecurityGroupClosed', THREE),
    on: { network: ['NetworkSubnetsVpcC7DDFBDB'] },
    reason: 'CloudFormation cannot close it. Nothing is in it: every interface names its own groups.',
    test: { file: 'infra/src/checks/checks.test.ts', name: 'put every network interface into groups that it names' },
  }),
  ...standing({
    tool: 'cdk-nag',
    rules: ['AwsSolutions-VPC3'],
    on: {
      network: [
        'NetworkSubnetsAcl2CE8CD24',
        'NetworkSubnetsIn100315DF3B6',
        'NetworkSubnetsIn200FC56E0C1',
        'NetworkSubnetsIn3006122CE61',
        'NetworkSubnetsIn310D19E0F48',
        'NetworkSubnetsIn400338F6558',
        'NetworkSubnetsOut100B136E0D5',
        'NetworkSubnetsOut200D30FE8BD',
        'NetworkSubnetsOut3006B146F51',
      ],
    },
    reason: 'Groups decide; the borders of subnets hold where a group is opened by mistake.',
    test: {
      file: 'infra/src/network/private-network.test.ts',
      name: 'keeps at its subnets’ borders out all but callers and answers, never to the gateway’s own port',
    },
  }),
];
