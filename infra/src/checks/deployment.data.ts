import type { Acknowledgement } from './acknowledgement.ts';
import { agreed, wildcards } from './standing.ts';

/** What takes no resource, or none that is known before. */
const EVERY = '*';
const regional = (service: string, name: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${name}`;
const global = (service: string, name: string) => `arn:<AWS::Partition>:${service}::<AWS::AccountId>:${name}`;

const FILE = 'infra/src/organization/deployment.test.ts';
const ROLES = { file: FILE, name: 'hands roles of ours alone to services, and has the names that the CDK looks for' };

/** Roles that deploy. */
export const deploymentAcknowledgements: readonly Acknowledgement[] = [
  ...wildcards({
    stack: 'bootstrap',
    roles: {
      Executionrunning: [
        EVERY,
        regional('ecr', 'repository/sallyport-*'),
        regional('lambda', 'function:sallyport-*'),
        regional('scheduler', 'schedule/*/sallyport-*'),
        regional('states', 'stateMachine:sallyport-*'),
      ],
      Executionnetwork: [EVERY],
      Executiondata: [
        EVERY,
        regional('dynamodb', 'table/sallyport-*'),
        'arn:<AWS::Partition>:s3:::sallyport-*',
        regional('s3', 'accesspoint/sallyport-*'),
        regional('sqs', 'sallyport-*'),
        regional('ssm', 'parameter/sallyport/*'),
        regional('ssm', 'parameter/cdk-bootstrap/sallyport/*'),
      ],
      Executionwatching: [
        EVERY,
        regional('access-analyzer', 'analyzer/sallyport-*'),
        global('budgets', 'budget/sallyport-*'),
        regional('cloudtrail', 'trail/sallyport-*'),
        regional('cloudwatch', 'alarm:sallyport-*'),
        regional('cloudwatch', 'alarm:Sallyport-*'),
        regional('events', 'rule/sallyport-*'),
        regional('events', 'rule/Sallyport-*'),
        regional('logs', 'log-group:/sallyport/*'),
        regional('logs', 'log-group:/aws/apigateway/sallyport-*'),
        regional('logs', 'log-group:/aws/lambda/sallyport-*'),
        regional('logs', 'log-group:/aws/vendedlogs/sallyport-*'),
        regional('logs', 'log-group:API-Gateway-Execution-Logs_*'),
        regional('logs', 'log-group:aws-waf-logs-sallyport-*'),
        regional('sns', 'sallyport-*'),
      ],
      Executionroles: [global('iam', 'role/sallyport-*'), global('iam', 'policy/sallyport-*')],
      Executionhanded: [
        global('iam', 'role/sallyport-*'),
        global('iam', 'role/aws-service-role/*'),
        'arn:<AWS::Partition>:s3:::cdk-sallyport-assets-<AWS::AccountId>-<AWS::Region>/*',
        regional('kms', 'key/*'),
      ],
    },
    reason:
      'What is deployed is not there before: it is told by the names that ours begin with, and where an action takes no resource, by nothing.',
    test: { file: FILE, name: 'may not %s' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_111'] },
    on: { bootstrap: ['Executiondata', 'Executionnetwork', 'Executionrunning', 'Executionwatching'] },
    reason: 'It makes what is not there before, by actions of which many take no name; it reads and writes no content.',
    test: { file: FILE, name: 'may not %s' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_109'] },
    on: { bootstrap: ['Executiondata', 'Executionrunning'] },
    reason: "It writes policies of what it makes: of keys, whose ids AWS gives, and of the network's services.",
    test: { file: FILE, name: 'may not %s' },
  }),
  ...wildcards({
    stack: 'bootstrap',
    roles: {
      lookuprole: [EVERY],
    },
    reason: 'Describing networks takes no resource.',
    test: ROLES,
  }),
  ...wildcards({
    stack: 'bootstrap',
    roles: {
      deployrole: [regional('kms', 'key/*'), regional('cloudformation', 'stack/Sallyport-*/*'), '<Assets.Arn>/*'],
      filepublishingrole: [regional('kms', 'key/*'), '<Assets.Arn>/*'],
    },
    reason: 'Stacks by our names, what is in the bucket of assets, and its key by alias, through S3 alone.',
    test: ROLES,
  }),
];
