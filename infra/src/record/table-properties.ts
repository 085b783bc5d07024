import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { TableDefinition } from '../../../src/state/index.ts';
import { toArn, toRoleArn } from '../policy/arns.ts';
import { policyDocument } from '../policy/policy-document.ts';

export interface TableProps {
  /** What roles' names begin with. */
  readonly prefix: string;
  readonly tableName: string;
  /** The key that the table is encrypted under, by ARN. */
  readonly key: string;
  /** Days that point-in-time recovery reaches back, 1 to 35; 35 unless told. What was erased can come back for as long. */
  readonly recoveryDays?: number;
}

/** What the gateway's tables are read and written by; nothing of ours scans or speaks PartiQL. */
const ITEMS = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];
const NEVER = [
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLSelect',
  'dynamodb:PartiQLUpdate',
  'dynamodb:Scan',
];

/**
 * A table of the gateway's own definition (what `sallyport state check` compares with), under a key of ours, with
 * point-in-time recovery, kept beyond the stack. Its own policy lets no role but those named at its items, whatever
 * policies of IAM say, and nobody scan it (Amazon DynamoDB, "Using resource-based policies").
 */
export function createTable(
  scope: Construct,
  id: string,
  { definition, roles, prefix, tableName, key, recoveryDays = 35 }: TableProps & TableUse,
): CfnTable {
  const arn = toTableArn(tableName);
  const resources = [arn, `${arn}/index/*`];
  const { timeToLiveAttribute, GlobalSecondaryIndexes = [], StreamSpecification } = definition;
  const table = new CfnTable(scope, id, {
    tableName,
    keySchema: toKeySchema(definition.KeySchema),
    attributeDefinitions: (definition.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => ({
      attributeName: String(AttributeName),
      attributeType: String(AttributeType),
    })),
    billingMode: String(definition.BillingMode),
    deletionProtectionEnabled: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: recoveryDays },
    sseSpecification: { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: key },
    ...(GlobalSecondaryIndexes.length === 0
      ? {}
      : {
          globalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
            indexName: String(IndexName),
            keySchema: toKeySchema(KeySchema),
            projection: {
              projectionType: String(Projection?.ProjectionType),
              nonKeyAttributes: Projection?.NonKeyAttributes ?? [],
            },
          })),
        }),
    ...(StreamSpecification?.StreamViewType === undefined
      ? {}
      : { streamSpecification: { streamViewType: StreamSpecification.StreamViewType } }),
    ...(timeToLiveAttribute === undefined
      ? {}
      : { timeToLiveSpecification: { attributeName: timeToLiveAttribute, enabled: true } }),
    resourcePolicy: {
      policyDocument: policyDocument([
        {
          Sid: 'ItemsForTheGatewayAlone',
          Effect: 'Deny',
          Principal: '*',
          Action: ITEMS,
          Resource: resources,
          Condition: {
            ArnNotLike: { 'aws:PrincipalArn': roles.map((role) => toRoleArn(`${prefix}-${role}`)) },
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          },
        },
        { Sid: 'NeverAsAWhole', Effect: 'Deny', Principal: '*', Action: NEVER, Resource: resources },
      ]),
    },
  });
  table.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  table.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return table;
}

interface TableUse {
  readonly definition: TableDefinition & {
    readonly StreamSpecification?: { readonly StreamViewType?: string };
  };
  /** Ends of names of roles that may use items. */
  readonly roles: readonly string[];
}

function toKeySchema(schema: TableDefinition['KeySchema']) {
  return (schema ?? []).map(({ AttributeName, KeyType }) => ({
    attributeName: String(AttributeName),
    keyType: String(KeyType),
  }));
}

/** Of a table by its name, in the stack's own place. */
export function toTableArn(tableName: string): string {
  return toArn('dynamodb', `table/${tableName}`);
}
