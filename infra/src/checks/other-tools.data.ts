import type { Acknowledgement } from './acknowledgement.ts';
import { agreed } from './standing.ts';

const SETTER_ROLES = {
  baseline: [
    'BaselineDataRetentionFunctionRole60F16582',
    'BaselineGuardDutyFunctionRoleA5A89808',
    'BaselineMacieFunctionRole5CBFC670',
    'BaselineSecurityHubFunctionRole41D8C41D',
    'EnforcedGuardrailEnforcementFunctionRole838D0CC1',
  ],
  bedrock: ['InvocationLoggingFunctionRoleF00EA318'],
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
const HANDLER = 'infra/src/custom-resources/handler.test.ts';
const SEQUENCER = {
  file: 'infra/src/app/stacks.test.ts',
  name: 'make the sequencer: one at a time, in the network, woken by what is inserted and each minute',
};

/** What checkov and cfn-lint find beside the front door and the workflow; most of it cdk-nag says too. */
export const otherToolAcknowledgements: readonly Acknowledgement[] = [
  ...agreed({
    said: { 'cfn-lint': ['E3006'] },
    on: { network: ['NetworkNamesFailClosed001E7179'] },
    reason:
      'The registry of CloudFormation that the CDK is made of has this type; the list of cfn-lint has it not yet.',
    test: {
      file: 'infra/src/network/private-network.test.ts',
      name: 'answers nothing where the firewall cannot be asked, and no one takes it off by mistake',
    },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_111'] },
    on: SETTER_ROLES,
    reason: "Settings of an account, and Lambda's network interfaces, take no resource.",
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'is set by a function each, that may do no more, and keeps its log under a key for a time',
    },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_111'] },
    on: { record: ['SequencerRoleF2163BDE'] },
    reason: "Lambda's network interfaces take no resource, and are denied to the code.",
    test: { file: 'infra/src/app/stacks.test.ts', name: 'does what it does, and no more' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_115'] },
    on: SETTERS,
    reason:
      'Only CloudFormation calls it, one deployment at a time; concurrency kept for it would be taken from others.',
    test: { file: HANDLER, name: 'takes no event that is none of CloudFormation' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_116'] },
    on: SETTERS,
    reason: 'Who waits for it is CloudFormation: it answers a failure itself, before its time ends.',
    test: { file: HANDLER, name: 'answers before its time ends, where what it asks does not' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_116'] },
    on: { record: ['SequencerFunctionFC08E272'] },
    reason:
      'What fails goes to the queue by destinations, of the stream and of other calls, which say more than a dead letter.',
    test: SEQUENCER,
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_18'] },
    on: {
      baseline: ['BaselineFindingsBucketF6EF3144', 'TrailBucketA4A2526A'],
      bedrock: ['InvocationLoggingBucketAA3A30AB'],
      record: ['LogReportsBucket9A41D02F'],
      service: ['ServiceLoadBalancerLogsBucketAE9F6966'],
    },
    reason: 'As cdk-nag says too: the trail has each call, or it is where such logs go.',
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'has every call to a model, data events of Bedrock, and calls that endpoints refused',
    },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_18'] },
    on: { bootstrap: ['Assets'] },
    reason:
      'Templates and code, which the roles of a deployment alone read and write; it is there before a bucket of logs is.',
    test: {
      file: 'infra/src/organization/deployment.test.ts',
      name: 'hands roles of ours alone to services, and has the names that the CDK looks for',
    },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_18'] },
    on: { vault: ['VaultBucket69E5E64B'] },
    reason:
      'What matters there cannot happen: a checkpoint is neither changed nor removed, and says nothing to who reads it.',
    test: { file: 'infra/src/record/vault.test.ts', name: 'locks every checkpoint for ten years, for whomever' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_33'] },
    on: { baseline: ['GuardrailKeyEECBCCD1'], bedrock: ['GuardrailsKey98C09626'] },
    reason:
      'Whoever of the account calls a model under the guardrail opens it, through Bedrock; the account is a condition.',
    test: {
      file: 'infra/src/keys/keys.test.ts',
      name: 'are of Bedrock’s callers for guardrails, through Bedrock and of this account alone',
    },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_65'] },
    on: { service: ['ServiceClusterEC592A3A'] },
    reason: "Container Insights makes a log group of its own, without a key. The gateway's metrics are in its own log.",
    test: {
      file: 'infra/src/gateway/gateway-service.test.ts',
      name: 'logs under the key and for a time, and is not held up by that',
    },
  }),
];
