import { Aws } from 'aws-cdk-lib';
import { toArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';
import { type LogPlace, logStatements } from './log-access.ts';

/** Where the record is, as far as roles have to know it. */
export interface RecordPlaces {
  /** ARNs of tables. */
  readonly state: string;
  readonly journal: string;
  readonly log: LogPlace;
  /** ARNs of keys, by data class; `record` is left out where record keys are not wrapped by KMS. */
  readonly keys: { readonly record?: string; readonly log: string; readonly state: string; readonly secrets: string };
  /** Tenants that record keys are wrapped for; one that is no more among them. */
  readonly tenants: readonly string[];
  /** ARNs of keys of single tenants, and of former ones. */
  readonly otherKeys?: readonly string[];
  /** Names or ARNs of secrets in Secrets Manager that are read. */
  readonly secrets: readonly string[];
  /** Names or ARNs of parameters that are read. */
  readonly parameters: readonly string[];
  /** The bucket of the vault and what its keys begin with: where checkpoints are kept. */
  readonly vault?: { readonly bucket: string; readonly prefix: string; readonly key?: string };
}

export type RecordRole = 'gateway' | 'sequencer' | 'operator';

/**
 * What a role needs for the record and the state (docs/reference/dynamodb.md and dynamodb-journal.md, "Permissions"). The
 * gateway puts into the journal and takes nothing out; only the sequencer takes the log on.
 */
export function recordStatements(role: RecordRole, places: RecordPlaces): readonly Statement[] {
  const { state, journal, log, keys, vault } = places;
  const unsequenced = `${journal}/index/unsequenced`;
  const items = ['dynamodb:GetItem', 'dynamodb:PutItem', ...(role === 'sequencer' ? ['dynamodb:UpdateItem'] : [])];
  return [
    allow(
      'UseTheState',
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      state,
    ),
    allow('UseTheJournal', items, journal),
    // A gateway looks how much waits for the log, where nobody says so.
    allow('FindWhatIsNotInTheLog', ['dynamodb:Query'], unsequenced),
    ...(role === 'operator'
      ? [allow('CheckTables', ['dynamodb:DescribeTable', 'dynamodb:DescribeTimeToLive'], [state, journal])]
      : []),
    ...logStatements(role === 'sequencer' ? 'sequencer' : 'gateway', log),
    ...wrapping(places),
    through('s3', ['kms:Decrypt', 'kms:GenerateDataKey'], keys.log),
    through('dynamodb', TABLE_KEY, keys.state),
    ...reading(places),
    ...(vault === undefined || role !== 'sequencer' ? [] : keeping(vault)),
  ];
}

const TABLE_KEY = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

function wrapping({ keys, tenants, otherKeys = [] }: RecordPlaces): readonly Statement[] {
  if (keys.record === undefined) return [];
  const Condition = { StringEquals: { 'kms:EncryptionContext:tenant': [...tenants, '-'] } };
  const Resource = [keys.record, ...otherKeys];
  return [{ ...allow('WrapRecordKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], Resource), Condition }];
}

function reading({ secrets, parameters, keys }: RecordPlaces): readonly Statement[] {
  // Secrets Manager appends six characters of its own to a name.
  const arns = secrets.map((id) => (id.startsWith('arn:') ? id : toArn('secretsmanager', `secret:${id}-??????`)));
  const names = parameters.map((name) => (name.startsWith('arn:') ? name : toArn('ssm', toParameter(name))));
  return [
    ...(arns.length === 0
      ? []
      : [
          allow('ReadSecrets', ['secretsmanager:GetSecretValue'], arns),
          through('secretsmanager', ['kms:Decrypt'], keys.secrets),
        ]),
    ...(names.length === 0
      ? []
      : [allow('ReadParameters', ['ssm:GetParameter'], names), through('ssm', ['kms:Decrypt'], keys.secrets)]),
  ];
}

function toParameter(name: string): string {
  return `parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

function keeping({ bucket, prefix, key }: NonNullable<RecordPlaces['vault']>): readonly Statement[] {
  const objects = `arn:${Aws.PARTITION}:s3:::${bucket}/${prefix}*`;
  return [
    allow('KeepCheckpoints', ['s3:GetObject', 's3:PutObject'], objects),
    ...(key === undefined
      ? []
      : [
          {
            ...allow('CloseCheckpoints', ['kms:Decrypt', 'kms:GenerateDataKey'], key),
            Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
          },
        ]),
  ];
}

function through(service: string, Action: readonly string[], key: string): Statement {
  const Condition = { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } };
  return { ...allow(`KeyThrough${service.slice(0, 1).toUpperCase()}${service.slice(1)}`, Action, key), Condition };
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
