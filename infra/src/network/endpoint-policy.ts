import { Aws } from 'aws-cdk-lib';

/** By operator, then by condition key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Calls that an endpoint lets through. */
export interface EndpointGrant {
  /** `service:Action`, each by its whole name. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** ARNs of roles; `anyone` only where callers show no credential of AWS. */
  readonly principals: readonly string[] | 'anyone';
  /** Accounts that a resource may be of, where its ARN does not tell: a bucket's. */
  readonly resourceAccounts?: readonly string[];
  readonly conditions?: Conditions;
}

export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*';
  readonly Action: readonly string[] | '*';
  readonly Resource: readonly string[] | '*';
  readonly Condition?: Conditions;
}

export interface EndpointPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** Characters that AWS takes (AWS PrivateLink guide, endpoint policies). */
export const ENDPOINT_POLICY_LENGTH = 20_480;

/**
 * The policy of an endpoint: what the grants name and nothing else; without a grant, nothing at all.
 *
 * The principal is `*` with the role's ARN as a condition, which gateway endpoints ask for and interface endpoints
 * take too. Throws where a grant holds a wildcard action, or the policy is longer than AWS takes.
 */
export function toEndpointPolicy(service: string, grants: readonly EndpointGrant[]): EndpointPolicy {
  const wild = grants.flatMap(({ actions }) => actions).find((action) => action.includes('*'));
  if (wild !== undefined) throw new Error(`endpoint policy of ${service}: the action ${wild} is not one by name`);
  const policy: EndpointPolicy = {
    Version: '2012-10-17',
    Statement:
      grants.length === 0 ? [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] : grants.map(toStatement),
  };
  const length = charactersOf(policy);
  if (length > ENDPOINT_POLICY_LENGTH) {
    throw new Error(
      `endpoint policy of ${service}: ${length} characters, and AWS takes ${ENDPOINT_POLICY_LENGTH}; name fewer models or roles`,
    );
  }
  return policy;
}

function toStatement({ actions, resources, principals, resourceAccounts, conditions = {} }: EndpointGrant) {
  const callers: Conditions =
    principals === 'anyone'
      ? {}
      : {
          ArnLike: { 'aws:PrincipalArn': principals },
          // Says of the policy alone, to whoever reads it, that no other account gets through.
          StringEquals: { 'aws:PrincipalAccount': accountsOf(principals) },
        };
  const owners: Conditions =
    resourceAccounts === undefined ? {} : { StringEquals: { 'aws:ResourceAccount': resourceAccounts } };
  const condition = [conditions, callers, owners].reduce(merge);
  return {
    Effect: 'Allow',
    Principal: '*',
    Action: actions,
    Resource: resources,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  } as const satisfies PolicyStatement;
}

function merge(one: Conditions, other: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(operators.map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}

/** Of `arn:PARTITION:iam::ACCOUNT:role/NAME`. */
function accountsOf(arns: readonly string[]): readonly string[] {
  const accounts = arns.map((arn) => /:iam::([^:]+):/.exec(arn)?.[1]);
  if (accounts.includes(undefined)) throw new Error('a principal of an endpoint policy is no ARN of a role');
  return [...new Set(accounts as readonly string[])];
}

/** How long the policy is at most once CloudFormation has put in what only it knows. */
function charactersOf(policy: EndpointPolicy): number {
  return JSON.stringify(policy)
    .replaceAll(Aws.ACCOUNT_ID, '0'.repeat(12))
    .replaceAll(Aws.PARTITION, 'aws-us-gov')
    .replaceAll(Aws.REGION, '0'.repeat(14))
    .replace(/\$\{Token\[[^\]]+\]\}/g, '0'.repeat(64)).length;
}

export type AwsBucket = 'imageLayers' | 'customResourceResponses';

/**
 * Buckets of AWS's own accounts that a policy which refuses other accounts would shut out, each by its one operation
 * (Amazon ECR guide, interface endpoints; CloudFormation guide, VPC endpoints for custom resources). AWS signs the URLs, so
 * the principal is none of ours.
 */
export function awsBucketGrants(region: string, buckets: readonly AwsBucket[]): readonly EndpointGrant[] {
  const all: Readonly<Record<AwsBucket, EndpointGrant>> = {
    imageLayers: {
      actions: ['s3:GetObject'],
      resources: [`arn:${Aws.PARTITION}:s3:::prod-${region}-starport-layer-bucket/*`],
      principals: 'anyone',
    },
    customResourceResponses: {
      actions: ['s3:PutObject'],
      resources: [`arn:${Aws.PARTITION}:s3:::cloudformation-custom-resource-response-${region.replaceAll('-', '')}/*`],
      principals: 'anyone',
    },
  };
  return buckets.map((bucket) => all[bucket]);
}
