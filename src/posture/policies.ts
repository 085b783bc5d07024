import { parseStatements, type Statement, UnreadPolicyError } from './statement.ts';
import type { Resource, Template } from './template.ts';
import { listAt, UNKNOWN, writtenAt } from './values.ts';

export type PolicyKind = 'identity' | 'trust' | 'resource' | 'endpoint' | 'organization';

/** A policy of the template: where it stands, and what it says or why that is not known. */
export interface Policy {
  readonly resource: Resource;
  readonly path: string;
  readonly kind: PolicyKind;
  readonly statements: readonly Statement[];
  readonly unread?: string;
}

/** Where resources keep their policies; a path may go through a list (`[]`). */
const PLACES: Readonly<Record<string, readonly (readonly [PolicyKind, string])[]>> = {
  'AWS::IAM::Role': [
    ['trust', 'AssumeRolePolicyDocument'],
    ['identity', 'Policies.[].PolicyDocument'],
  ],
  'AWS::IAM::User': [['identity', 'Policies.[].PolicyDocument']],
  'AWS::IAM::Group': [['identity', 'Policies.[].PolicyDocument']],
  'AWS::IAM::Policy': [['identity', 'PolicyDocument']],
  'AWS::IAM::ManagedPolicy': [['identity', 'PolicyDocument']],
  'AWS::IAM::RolePolicy': [['identity', 'PolicyDocument']],
  'AWS::IAM::UserPolicy': [['identity', 'PolicyDocument']],
  'AWS::IAM::GroupPolicy': [['identity', 'PolicyDocument']],
  'AWS::SSO::PermissionSet': [['identity', 'InlinePolicy']],
  'AWS::EC2::VPCEndpoint': [['endpoint', 'PolicyDocument']],
  'AWS::Organizations::Policy': [['organization', 'Content']],
  'AWS::KMS::Key': [['resource', 'KeyPolicy']],
  'AWS::KMS::ReplicaKey': [['resource', 'KeyPolicy']],
  'AWS::S3::BucketPolicy': [['resource', 'PolicyDocument']],
  'AWS::S3::AccessPoint': [['resource', 'Policy']],
  'AWS::SNS::TopicPolicy': [['resource', 'PolicyDocument']],
  'AWS::SQS::QueuePolicy': [['resource', 'PolicyDocument']],
  'AWS::SecretsManager::ResourcePolicy': [['resource', 'ResourcePolicy']],
  'AWS::DynamoDB::Table': [['resource', 'ResourcePolicy.PolicyDocument']],
  'AWS::Bedrock::ResourcePolicy': [['resource', 'PolicyDocument']],
  'AWS::ApiGateway::RestApi': [['resource', 'Policy']],
  'AWS::Logs::ResourcePolicy': [['resource', 'PolicyDocument']],
};

/** Every policy of the template. A place that should have one and has none is not in it. */
export function policiesOf(template: Template): readonly Policy[] {
  return template.resources.flatMap((resource) =>
    (PLACES[resource.type] ?? []).flatMap(([kind, path]) => policiesAt(resource, kind, path)),
  );
}

function policiesAt(resource: Resource, kind: PolicyKind, path: string): readonly Policy[] {
  const [before = '', after] = path.split('.[].');
  if (after === undefined)
    return toPolicy({ resource, kind, path }, writtenAt(resource.properties, ...path.split('.')));
  const items = listAt(resource.properties, ...before.split('.'));
  if (items === UNKNOWN) return toPolicy({ resource, kind, path: before }, UNKNOWN);
  return items.flatMap((item, index) =>
    toPolicy({ resource, kind, path: `${before}.${index}.${after}` }, writtenAt(item, ...after.split('.'))),
  );
}

function toPolicy(place: Pick<Policy, 'resource' | 'path' | 'kind'>, document: unknown): readonly Policy[] {
  if (document === undefined) return [];
  try {
    return [{ ...place, statements: parseStatements(document) }];
  } catch (error) {
    if (!(error instanceof UnreadPolicyError)) throw error;
    return [{ ...place, statements: [], unread: error.message }];
  }
}
