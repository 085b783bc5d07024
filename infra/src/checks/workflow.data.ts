import type { Acknowledgement } from './acknowledgement.ts';
import { agreed, HEALTH_AND_FEDERAL, inPacks, THREE, wildcards } from './standing.ts';

const FILE = 'infra/src/workflow/workflow.test.ts';
const EVENTS = {
  file: 'infra/src/account/account.test.ts',
  name: 'has every call to a model, data events of Bedrock, and calls that endpoints refused',
};
const EMPTIED = { file: FILE, name: 'keeps no version, lock or copy of what it empties' };
const IN_NETWORK = { file: FILE, name: 'are in the network, and log under the key' };

const ROLES = {
  sanitise: 'WorkflowStepsanitiseRole53128DB2',
  guard: 'WorkflowStepguardRoleC1C09721',
  record: 'WorkflowSteprecordRoleE14A59E7',
  invoke: 'WorkflowStepinvokeRoleE0B54AA2',
  scan: 'WorkflowStepscanRole67BF4209',
};
const FUNCTIONS = {
  workflow: [
    'WorkflowStepguardFunction047606B5',
    'WorkflowStepinvokeFunctionF645F586',
    'WorkflowSteprecordFunction4C3BBD80',
    'WorkflowStepsanitiseFunctionCF2E7510',
    'WorkflowStepscanFunction476C7A3B',
  ],
};
const BUCKET = { workflow: ['WorkflowExchangeBucket673B62CA'] };
const MACHINES = { workflow: ['WorkflowMachinesMachinesallyportprodintakeA73FDF34'] };

/** What a role of every step names by a wildcard: objects of the record, those between steps, and interfaces. */
const OF_EACH_STEP = [
  '*',
  '<WorkflowExchangeBucket673B62CA.Arn>/*',
  'arn:aws:s3:eu-central-1:111122223333:accesspoint/sallyport-prod-application/object/*',
  'arn:aws:s3:eu-central-1:111122223333:accesspoint/sallyport-prod-application/object/journal/*',
];
const TENANTS = ['embeds', 'pool', 'tenant'].map(
  (of) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/sallyport-prod-${of}-*`,
);

/** The passage in steps. */
export const workflowAcknowledgements: readonly Acknowledgement[] = [
  ...wildcards({
    stack: 'workflow',
    roles: Object.fromEntries(Object.values(ROLES).map((role) => [role, OF_EACH_STEP])),
    reason:
      "Objects are named by execution and number; Lambda's network interfaces take no resource, and are denied to the code.",
    test: { file: FILE, name: 'have interfaces that Lambda makes, and their code cannot' },
  }),
  ...wildcards({
    stack: 'workflow',
    roles: { [ROLES.invoke]: TENANTS },
    reason: 'Roles of tenants trust it each by itself, and it alone of the steps may assume any.',
    test: { file: FILE, name: 'call models by one of them alone' },
  }),
  ...wildcards({
    stack: 'workflow',
    roles: { WorkflowMachinesRole6ECE673C: ['*'] },
    reason: 'What Step Functions needs to have its lines delivered takes no resource.',
    test: { file: FILE, name: 'invoke the five steps and nothing else, for Step Functions of this account alone' },
  }),
  ...wildcards({
    stack: 'workflow',
    roles: {
      WorkflowApplicationsRoleDC9E3ABA: [
        '<WorkflowExchangeBucket673B62CA.Arn>/replies/*',
        '<WorkflowExchangeBucket673B62CA.Arn>/requests/*',
        'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:sallyport-prod-intake:*',
      ],
    },
    reason: 'Requests, replies and executions have names that applications give.',
    test: { file: FILE, name: 'puts requests down, starts executions and takes replies, and no more' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_111'] },
    on: { workflow: Object.values(ROLES) },
    reason: "Lambda's network interfaces take no resource, and are denied to the code.",
    test: { file: FILE, name: 'have interfaces that Lambda makes, and their code cannot' },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('LambdaConcurrency', HEALTH_AND_FEDERAL), checkov: ['CKV_AWS_115'] },
    on: FUNCTIONS,
    reason:
      'State machines alone invoke them, and ask again where Lambda has no room; instances set aside for each of five would stand idle.',
    test: { file: FILE, name: 'is what passes by itself, a few times and ever later, and never what was refused' },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('LambdaDLQ', HEALTH_AND_FEDERAL), checkov: ['CKV_AWS_116'] },
    on: FUNCTIONS,
    reason: 'The state machine waits for each: a failure ends the execution, which keeps its code and wakes people.',
    test: { file: FILE, name: 'ends at every step that fails, and calls the model only after one that cleared' },
  }),
  ...agreed({
    said: { 'cdk-nag': ['AwsSolutions-SF2'], 'control-tower': ['CT.STEPFUNCTIONS.PR.2'] },
    on: MACHINES,
    reason: 'X-Ray would be one more place that tells of executions; their history is under a key of ours.',
    test: {
      file: FILE,
      name: 'are standard ones of that definition, whose history is under a key and whose log has no data',
    },
  }),
  ...agreed({
    said: {
      'cdk-nag': ['AwsSolutions-S1', ...inPacks('S3BucketLoggingEnabled', THREE)],
      checkov: ['CKV_AWS_18'],
      'control-tower': ['CT.S3.PR.2'],
    },
    on: BUCKET,
    reason:
      'The trail has each call to its objects, with who called; access logs would say less, later and not always.',
    test: EVENTS,
  }),
  ...agreed({
    said: { 'control-tower': ['CT.S3.PR.4'] },
    on: BUCKET,
    reason: 'Nothing waits for an object; who put one there is in the trail.',
    test: EVENTS,
  }),
  ...agreed({
    said: {
      'cdk-nag': [...inPacks('S3BucketReplicationEnabled', THREE), ...inPacks('S3BucketVersioningEnabled', THREE)],
      checkov: ['CKV_AWS_21'],
      'control-tower': ['CT.S3.PR.9', 'CT.S3.PR.11'],
    },
    on: BUCKET,
    reason: 'It has prompts and answers, which end after two days: a version, a lock or a copy would keep them.',
    test: EMPTIED,
  }),
  ...agreed({
    said: { 'control-tower': ['CT.CLOUDWATCH.PR.3'] },
    on: {
      workflow: [
        'WorkflowMachinesLog01147F9E',
        'WorkflowStepguardLogEF185E22',
        'WorkflowStepinvokeLogF8ADC07E',
        'WorkflowSteprecordLog74F85589',
        'WorkflowStepsanitiseLog180E9F2A',
        'WorkflowStepscanLogAD5AC54F',
      ],
    },
    reason: 'The key is a parameter that another stack publishes.',
    test: IN_NETWORK,
  }),
  ...agreed({
    said: { 'control-tower': ['CT.LAMBDA.PR.3'] },
    on: FUNCTIONS,
    reason: 'They are in the network: its subnets are a parameter that another stack publishes.',
    test: IN_NETWORK,
  }),
];
