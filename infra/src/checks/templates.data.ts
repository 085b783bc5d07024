import type { Acknowledgement } from './acknowledgement.ts';
import { standing } from './standing.ts';

const OWN_SETTINGS = {
  file: 'infra/src/checks/checks.test.ts',
  name: 'let roles of ours alone at settings of the account, and callers at APIs of ours',
};

/** What our own rules find on templates. */
const ours: readonly Acknowledgement[] = [
  ...standing({
    tool: 'sallyport',
    rules: ['bedrock-guardrail-inert'],
    on: { baseline: ['EnforcedGuardrailObservingGuardrailBBD9A877'] },
    reason: 'It is made to find and stop nothing, for the stage `observe`; the one that stops comes after it.',
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'comes with one that only finds, and whoever of the account calls may apply both',
    },
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['ec2-endpoint-policy-open'],
    on: { network: ['NetworkEndpointexecuteapiEAFBF775'] },
    reason: "Callers of the REST API show the gateway's credentials and none of AWS; the gateway decides.",
    test: OWN_SETTINGS,
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['ec2-endpoint-policy-other-accounts'],
    on: {
      network: [
        'NetworkEndpointbedrock9688653B',
        'NetworkEndpointecrapi2FC3BED5',
        'NetworkEndpointecrdkr5C9CAE3A',
        'NetworkEndpointguardduty1B8AEF68',
        'NetworkEndpointmacie2DC8CCAB4',
        'NetworkEndpointsecurityhubF39AD722',
      ],
    },
    reason: "These actions take no resource, or one of the caller's own account; callers are roles of ours.",
    test: OWN_SETTINGS,
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['iam-guardrail-unversioned'],
    on: { tenants: ['tenantbankRole0B62B800', 'tenantclinicRole7FE80BF4'] },
    reason: 'The version comes from a parameter, which the stack of guardrails publishes, never `DRAFT`.',
    test: { file: 'infra/src/app/baseline-stack.test.ts', name: 'publishes guardrails by name, and never a draft' },
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['organizations-one-door-denied'],
    on: { organization: ['Guardssallyportmodels8D5ABA0B'] },
    reason:
      'Another policy of the organization denies the other door whole; a list of models there would say otherwise.',
    test: { file: 'infra/src/organization/organization-policies.test.ts', name: 'deny an administrator %s' },
  }),
];

const SETTER_LOGS = {
  baseline: [
    'BaselineDataRetentionFunctionLogs2436C65F',
    'BaselineGuardDutyFunctionLogs15BB4A2B',
    'BaselineMacieFunctionLogs0A06C5D1',
    'BaselineSecurityHubFunctionLogsCD91C05D',
    'EnforcedGuardrailEnforcementFunctionLogs63DE48CF',
  ],
  bedrock: ['InvocationLoggingFunctionLogs643D1ECE'],
};
const SETTERS = {
  baseline: [
    'BaselineDataRetentionFunction36585BD4',
    'BaselineGuardDutyFunction347F0B2A',
    'BaselineMacieFunction879D70D8',
    'BaselineSecurityHubFunctionB2E300F6',
    'EnforcedGuardrailEnforcementFunction169C1F1C',
  ],
  bedrock: ['InvocationLoggingFunction850E60B2'],
};
/** Buckets of what is watched, of reports, and of what is deployed. */
const BUCKETS = {
  baseline: ['BaselineFindingsBucketF6EF3144', 'TrailBucketA4A2526A'],
  bedrock: ['InvocationLoggingBucketAA3A30AB'],
  bootstrap: ['Assets'],
  record: ['LogReportsBucket9A41D02F'],
  service: ['ServiceLoadBalancerLogsBucketAE9F6966'],
};
const EVENTS = {
  file: 'infra/src/account/account.test.ts',
  name: 'has every call to a model, data events of Bedrock, and calls that endpoints refused',
};
const SETTER = {
  file: 'infra/src/account/account.test.ts',
  name: 'is set by a function each, that may do no more, and keeps its log under a key for a time',
};
const SEQUENCER = {
  file: 'infra/src/app/stacks.test.ts',
  name: 'make the sequencer: one at a time, in the network, woken by what is inserted and each minute',
};

/** What the proactive controls of Control Tower find. They read templates as text: a value known at deployment fails them. */
const controlTower: readonly Acknowledgement[] = [
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.2'],
    on: SETTER_LOGS,
    reason: 'Lines of one deployment, which the trail of the account has as well.',
    test: SETTER,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.2'],
    on: { bedrock: ['InvocationLoggingLogs9C6BA0F3'] },
    reason: 'It has prompts and answers, which end before an erasure is due.',
    test: {
      file: 'infra/src/bedrock/invocation-logging.test.ts',
      name: 'ends with its content before erasure is due, and can be erased',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.2'],
    on: { baseline: ['TrailLogs148AB3BB'] },
    reason: 'It is for alarms; the bucket of the trail keeps what happened.',
    test: EVENTS,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.3'],
    on: SETTER_LOGS,
    reason: 'The key is a parameter that another stack publishes.',
    test: SETTER,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.3'],
    on: { network: ['NetworkLogsFlows9D155BB2', 'NetworkLogsNames12768835'] },
    reason: 'The key is a parameter that another stack publishes.',
    test: {
      file: 'infra/src/network/private-network.test.ts',
      name: 'logs what moves and what is asked for, under the key and for a time',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.3'],
    on: { record: ['SequencerLog24616A83'] },
    reason: 'The key is a parameter that another stack publishes.',
    test: SEQUENCER,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.CLOUDWATCH.PR.3'],
    on: { service: ['ServiceTaskLog086A08E4'] },
    reason: 'The key is a parameter that another stack publishes.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs under the key and for a time, and is not held up by that',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.EC2.PR.5'],
    on: { network: ['NetworkSubnetsIn400338F6558'] },
    reason:
      'Answers come to ports above 1023, and 3389 is one; no route leads there from outside, and no group lets it in.',
    test: {
      file: 'infra/src/network/private-network.test.ts',
      name: 'lets its tiers reach each other in one direction alone, and callers the front door',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.ECS.PR.1'],
    on: { service: ['ServiceD69D759B'] },
    reason: 'It names the last platform there is; `LATEST` would be another one without anybody saying so.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'has no public address and no shell, and rolls back what does not become healthy',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.ECS.PR.2'],
    on: { service: ['ServiceClusterEC592A3A'] },
    reason: "Container Insights makes a log group of its own, without a key. The gateway's metrics are in its own log.",
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs under the key and for a time, and is not held up by that',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.ECS.PR.7'],
    on: { service: ['ServiceTaskDefinitionA378C419'] },
    reason: 'In Fargate the task has a limit, and its only container all of it.',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'can write nothing, has no privilege and no capability, and is no root',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.KMS.PR.3'],
    on: {
      keys: [
        'KeysImages3425DC87',
        'KeysLogDF518043',
        'KeysLogs05AE90F5',
        'KeysMessagesCD56B540',
        'KeysRecord6073B7EB',
        'KeysSecrets4F67AF2F',
        'KeysState556B85F2',
        'KeysVectorsD35A2AED',
        'KeysWorkflowE10921B3',
      ],
    },
    reason:
      'Nobody is permitted a grant but who makes resources, for a service and its resource; nothing is left to deny.',
    test: {
      file: 'infra/src/keys/keys.test.ts',
      name: 'give a service its grant for a resource only by who makes resources',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.KMS.PR.3'],
    on: { vault: ['VaultKey447CDAEB'] },
    reason: 'Nobody is permitted a grant, and nothing is left to deny.',
    test: {
      file: 'infra/src/record/vault.test.ts',
      name: 'lets the other account’s gateway and sequencer put each once, and nobody else there',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.LAMBDA.PR.3'],
    on: SETTERS,
    reason: 'It is in the network: its subnets are a parameter that another stack publishes.',
    test: {
      file: 'infra/src/app/baseline-stack.test.ts',
      name: 'is everything unless told, within the network, with the buckets that there are',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.LAMBDA.PR.3'],
    on: { record: ['SequencerFunctionFC08E272'] },
    reason: 'It is in the network: its subnets are a parameter that another stack publishes.',
    test: SEQUENCER,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.10'],
    on: { record: ['LogReportsBucket9A41D02F'] },
    reason: 'Server access logs go to no bucket under KMS (Amazon S3, "Enabling server access logging").',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is reported on where only S3 writes, of this bucket alone and by TLS',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.10'],
    on: { service: ['ServiceLoadBalancerLogsBucketAE9F6966'] },
    reason: 'Load balancers write under no key of KMS (Elastic Load Balancing, "Access logs").',
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs to a bucket that is not public, takes TLS alone and expires, from this load balancer alone',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.2'],
    on: BUCKETS,
    reason: 'As cdk-nag says too: the trail has each call, or it is where such logs go.',
    test: EVENTS,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.2', 'CT.S3.PR.4'],
    on: { vault: ['VaultBucket69E5E64B'] },
    reason:
      'What matters there cannot happen: a checkpoint is neither changed nor removed, and says nothing to who reads it.',
    test: { file: 'infra/src/record/vault.test.ts', name: 'locks every checkpoint for ten years, for whomever' },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.2'],
    on: { record: ['LogBucketC6165A22'] },
    reason: 'It has them, in a bucket whose name is known at deployment.',
    test: {
      file: 'infra/src/record/audit-store.test.ts',
      name: 'is reported on where only S3 writes, of this bucket alone and by TLS',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.4'],
    on: { ...BUCKETS, record: ['LogBucketC6165A22', 'LogReportsBucket9A41D02F'] },
    reason: 'Nothing waits for an object; who put or removed one is in the trail.',
    test: EVENTS,
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.S3.PR.9'],
    on: BUCKETS,
    reason: 'What is in them ends by itself, before an erasure is due where it has content; a lock would keep it.',
    test: {
      file: 'infra/src/bedrock/invocation-logging.test.ts',
      name: 'ends with its content before erasure is due, and can be erased',
    },
  }),
  ...standing({
    tool: 'control-tower',
    rules: ['CT.SQS.PR.1', 'CT.SQS.PR.2'],
    on: { record: ['SequencerDeadLettersE05818CD'] },
    reason: 'It is where dead letters go, under a key that is a parameter of another stack.',
    test: SEQUENCER,
  }),
];

/** What tools that read templates find. */
export const templateAcknowledgements: readonly Acknowledgement[] = [...ours, ...controlTower];
