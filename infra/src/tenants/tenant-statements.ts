import { Aws } from 'aws-cdk-lib';
import type { Statement } from '../policy/policy-document.ts';
import { deniedActions, SYSTEM_TOOLS } from './denied.data.ts';

/** What belongs to a tenant beside models. */
export interface TenantData {
  /** The state's table, and the key that it is under, by ARN: the tenant's items of it are read. */
  readonly state?: { readonly table: string; readonly key: string };
  /**
   * The workflow's bucket, and the key that it is under, by ARN, and what its keys begin with: requests are put down there and
   * replies read.
   */
  readonly exchange?: { readonly bucket: string; readonly key: string; readonly prefix: string };
}

export interface SafeguardOptions {
  /** Names of the tenants whose sessions these are. */
  readonly tenants: readonly string[];
  readonly environment: string;
  /** The network that calls come from, by its id. Default: any. */
  readonly vpc?: string;
  /** Endpoints that calls come through, by their ids. Default: any. */
  readonly endpoints?: readonly string[];
}

const CALLS = [
  'bedrock:ApplyGuardrail',
  'bedrock:CountTokens',
  'bedrock:InvokeModel',
  'bedrock:InvokeModelWithResponseStream',
];

/**
 * What no tenant does, whatever is permitted: ways around the guardrail, calls that are not of a session of the tenant in
 * this environment, and calls from elsewhere than the network.
 */
export function safeguardStatements({ tenants, environment, vpc, endpoints }: SafeguardOptions): readonly Statement[] {
  const direct = { Bool: { 'aws:ViaAWSService': 'false' } };
  return [
    deny('NoWayAround', deniedActions, '*'),
    deny('NoTools', CALLS.slice(2), `arn:${Aws.PARTITION}:${SYSTEM_TOOLS}`),
    deny('OfTheTenantAlone', CALLS, '*', { StringNotEquals: { 'aws:PrincipalTag/tenant': tenants } }),
    deny('OfTheEnvironmentAlone', CALLS, '*', { StringNotEquals: { 'aws:PrincipalTag/environment': environment } }),
    ...(vpc === undefined
      ? []
      : [deny('FromTheNetworkAlone', CALLS, '*', { StringNotEquals: { 'aws:SourceVpc': vpc }, ...direct })]),
    ...(endpoints === undefined
      ? []
      : [deny('ThroughEndpointsAlone', CALLS, '*', { StringNotEquals: { 'aws:SourceVpce': endpoints }, ...direct })]),
  ];
}

/**
 * The tenant's own items and objects. Items are read by named actions, each of which has a leading key: `ForAllValues` is
 * true where there is none, as in a scan, so that `Null` asks that there be one (docs/reference/dynamodb.md).
 *
 * `tenant` is its name, or `${aws:PrincipalTag/tenant}` where sessions of many are told apart by it.
 */
export function dataStatements(tenant: string, { state, exchange }: TenantData): readonly Statement[] {
  return [
    ...(state === undefined
      ? []
      : [
          {
            Sid: 'ReadOwnItems',
            Effect: 'Allow',
            Action: ['dynamodb:GetItem', 'dynamodb:Query'],
            Resource: state.table,
            Condition: {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': `t#${tenant}#*` },
              Null: { 'dynamodb:LeadingKeys': 'false' },
            },
          } as const,
          keyThrough('dynamodb', state.key),
        ]),
    ...(exchange === undefined ? [] : exchangeStatements(tenant, exchange)),
  ];
}

function exchangeStatements(
  tenant: string,
  { bucket, key, prefix }: NonNullable<TenantData['exchange']>,
): readonly Statement[] {
  const objects = (kind: string) => `${bucket}/${prefix}${kind}/${tenant}/*`;
  return [
    { Sid: 'PutOwnRequests', Effect: 'Allow', Action: ['s3:PutObject'], Resource: objects('requests') },
    { Sid: 'ReadOwnReplies', Effect: 'Allow', Action: ['s3:GetObject'], Resource: objects('replies') },
    {
      Sid: 'ListOwnReplies',
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: bucket,
      Condition: { StringLike: { 's3:prefix': `${prefix}replies/${tenant}/*` } },
    },
    keyThrough('s3', key),
  ];
}

const KEY_USE = { s3: ['kms:Decrypt', 'kms:GenerateDataKey'], dynamodb: ['kms:Decrypt'] } as const;

/** The key of what a service keeps, by that service alone: what it opens is what the service lets at. */
function keyThrough(service: keyof typeof KEY_USE, key: string): Statement {
  return {
    Sid: service === 's3' ? 'KeyOfTheExchange' : 'KeyOfTheState',
    Effect: 'Allow',
    Action: KEY_USE[service],
    Resource: key,
    Condition: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } },
  };
}

/** The most that a role of a tenant can be given by whoever edits it: calls of models, and what belongs to tenants. */
export function boundaryStatements({ state, exchange }: TenantData): readonly Statement[] {
  return [
    {
      Sid: 'CallModels',
      Effect: 'Allow',
      Action: CALLS,
      Resource: MODELS.map((one) => `arn:${Aws.PARTITION}:bedrock:${one}`),
    },
    deny('NoWayAround', deniedActions, '*'),
    deny('NoTools', CALLS.slice(2), `arn:${Aws.PARTITION}:${SYSTEM_TOOLS}`),
    ...(state === undefined
      ? []
      : [
          {
            Sid: 'ReadItems',
            Effect: 'Allow',
            Action: ['dynamodb:GetItem', 'dynamodb:Query'],
            Resource: state.table,
          } as const,
          keyThrough('dynamodb', state.key),
        ]),
    ...(exchange === undefined
      ? []
      : [
          {
            Sid: 'ExchangeObjects',
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
            Resource: [exchange.bucket, `${exchange.bucket}/${exchange.prefix}*`],
          } as const,
          keyThrough('s3', exchange.key),
        ]),
  ];
}

const OWN = Aws.ACCOUNT_ID;
const MODELS = [
  '*::foundation-model/*',
  `*:${OWN}:inference-profile/*`,
  `*:${OWN}:application-inference-profile/*`,
  `*:${OWN}:provisioned-model/*`,
  `*:${OWN}:custom-model-deployment/*`,
  `*:${OWN}:imported-model/*`,
  `*:${OWN}:guardrail/*`,
];

function deny(Sid: string, Action: readonly string[], Resource: string, Condition?: Statement['Condition']): Statement {
  return { Sid, Effect: 'Deny', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}
