import { Aws } from 'aws-cdk-lib';
import { accountPrincipal, onlyRoles, toArn, toRoleArn } from '../policy/arns.ts';
import type { Conditions, Statement } from '../policy/policy-document.ts';
import { administeredByTheAccount } from './administration.ts';
import { type DataClass, dataClasses, type ServiceUse } from './data-classes.data.ts';

export interface KeyStatementOptions {
  /** What roles' names begin with. */
  readonly prefix: string;
  /** Tenants that record keys may be wrapped for, in the encryption context; the gateway's own acts are of `-`. */
  readonly tenants: readonly string[];
  /** ARNs, or patterns of ARNs, of roles that CloudFormation makes resources with. */
  readonly makers: readonly string[];
  /** Names, or patterns of names, of log groups. */
  readonly logGroups: readonly string[];
  /** Topics that alarms go to, by ARN. */
  readonly topics: readonly string[];
}

const WRITE = ['kms:Decrypt', 'kms:GenerateDataKey'];
const READ = ['kms:Decrypt'];
/** What DynamoDB, OpenSearch Serverless and CloudWatch Logs use a key by. */
const ALL_USE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
/** What who makes a resource is asked for, beside the grant. */
const MAKE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:RetireGrant'];
/** Services that keep a grant of their own for a resource. */
const GRANTED: ReadonlySet<string> = new Set(['dynamodb', 'aoss', 'ecr', 'lambda']);

/** The policy of a data class's key. */
export function keyStatements(of: DataClass, options: KeyStatementOptions): readonly Statement[] {
  return [administeredByTheAccount(), ...useStatements(of, options), ...ofClass(of, options)];
}

function ofClass(of: DataClass, options: KeyStatementOptions): readonly Statement[] {
  switch (of) {
    case 'record':
      return [wrapping(options)];
    case 'logs':
      return [logGroups(options)];
    case 'messages':
      return alarms(options);
    case 'vectors':
      return [collections(options), ...making('aoss', options)];
    case 'workflow':
      return executions(options);
    default:
      return [];
  }
}

/** Lines of state machines are under their key until CloudWatch Logs has them (Step Functions, "Encrypting data at rest"). */
function executions({ prefix }: KeyStatementOptions): readonly Statement[] {
  const lines = { StringEquals: { 'kms:EncryptionContext:SourceArn': toArn('logs', '*') } };
  return [
    allow('LinesByStateMachines', accountPrincipal(), ['kms:GenerateDataKey'], {
      ...onlyRoles([toRoleArn(`${prefix}-states`)]),
      ...lines,
    }),
    allow('LinesDelivered', { Service: 'delivery.logs.amazonaws.com' }, READ, lines),
  ];
}

/** Direct use, bound to the tenants there are: a context that names none, or another, opens nothing. */
function wrapping({ prefix, tenants }: KeyStatementOptions): Statement {
  return allow('WrappedByTheGateway', accountPrincipal(), WRITE, {
    ...onlyRoles(['gateway', 'sequencer', 'operator', 'workflow-*'].map((role) => toRoleArn(`${prefix}-${role}`))),
    StringEquals: { 'kms:EncryptionContext:tenant': [...tenants, '-'] },
  });
}

function useStatements(of: DataClass, options: KeyStatementOptions): readonly Statement[] {
  const uses: readonly ServiceUse[] = dataClasses[of].uses;
  return uses.flatMap(({ service, writers, readers = [] }) => {
    const actions = GRANTED.has(service) ? ALL_USE : WRITE;
    return [
      ...through(service, 'Writers', { names: writers, actions, ...options }),
      ...through(service, 'Readers', { names: readers, actions: READ, ...options }),
      ...making(service, options),
    ];
  });
}

interface Through {
  readonly prefix: string;
  readonly names: readonly string[];
  readonly actions: readonly string[];
}

function through(service: string, who: string, { prefix, names, actions }: Through): readonly Statement[] {
  if (names.length === 0) return [];
  const conditions = { ...onlyRoles(names.map((name) => toRoleArn(`${prefix}-${name}`))), ...byService(service) };
  return [allow(`${capital(service)}For${who}`, accountPrincipal(), actions, conditions)];
}

/** CloudFormation makes a table or a collection, and with it the service's grant; secrets and queues need no grant. */
function making(service: string, { makers }: KeyStatementOptions): readonly Statement[] {
  const conditions = { ...onlyRoles(makers), ...byService(service) };
  if (!GRANTED.has(service)) {
    if (service === 'states') {
      return [allow('StatesForMakers', accountPrincipal(), [...WRITE, 'kms:DescribeKey'], conditions)];
    }
    if (service !== 'secretsmanager') return [];
    return [allow('SecretsManagerForMakers', accountPrincipal(), WRITE, conditions)];
  }
  return [
    allow(`${capital(service)}ForMakers`, accountPrincipal(), MAKE, conditions),
    allow(`${capital(service)}GrantForMakers`, accountPrincipal(), ['kms:CreateGrant'], {
      ...conditions,
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    }),
  ];
}

function logGroups({ logGroups: names }: KeyStatementOptions): Statement {
  return allow('UsedByCloudWatchLogs', { Service: `logs.${Aws.REGION}.amazonaws.com` }, ALL_USE, {
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': names.map((name) => toArn('logs', `log-group:${name}`)) },
  });
}

/**
 * CloudWatch says whose alarm it is. EventBridge does not, where it publishes to an encrypted topic (Amazon SNS,
 * "Securing data with server-side encryption"): there the encryption context says which topic it is.
 */
function alarms({ topics }: KeyStatementOptions): readonly Statement[] {
  return [
    allow('AlarmsOfCloudWatch', { Service: 'cloudwatch.amazonaws.com' }, WRITE, {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': toArn('cloudwatch', 'alarm:*') },
    }),
    allow('Budgets', { Service: 'budgets.amazonaws.com' }, WRITE, {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': toArn('budgets', '*', { region: '' }) },
    }),
    allow('EventsOfEventBridge', { Service: 'events.amazonaws.com' }, WRITE, {
      StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': topics },
    }),
  ];
}

function collections({ prefix }: KeyStatementOptions): Statement {
  return allow('AossForTenants', accountPrincipal(), ['kms:Decrypt', 'kms:DescribeKey'], {
    ...onlyRoles([toRoleArn(`${prefix}-tenant-*`)]),
    ...byService('aoss'),
  });
}

function byService(service: string) {
  return {
    StringEquals: { 'kms:CallerAccount': Aws.ACCOUNT_ID, 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` },
  };
}

function allow(
  Sid: string,
  Principal: NonNullable<Statement['Principal']>,
  Action: readonly string[],
  Condition: Conditions,
): Statement {
  return { Sid, Effect: 'Allow', Principal, Action, Resource: '*', Condition };
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
