import { accountPrincipal } from '../policy/arns.ts';

export interface TrustOptions {
  /** ARNs of the roles that assume it, or patterns of them. */
  readonly gateways: readonly string[];
  /** The account that they are of; may be a token. */
  readonly account: string;
  readonly environment: string;
  readonly tenants: readonly string[];
  /** Names of sessions, one for each tenant. */
  readonly sessionNames: readonly string[];
  readonly externalId?: string;
}

/**
 * Who may assume a tenant's role, and only under the tenant's tags and its session's name (docs/guide/tenant-roles.md, "In
 * AWS"). The roles are named by condition, so that their own policies have to permit it too, and so that the role can be
 * made before they are.
 */
export function trustPolicy({
  gateways,
  account,
  environment,
  tenants,
  sessionNames,
  externalId,
}: TrustOptions): object {
  const Principal = accountPrincipal(account);
  const ofOne = (values: readonly string[]) => (values.length === 1 ? String(values[0]) : values);
  const tags = { 'aws:RequestTag/tenant': ofOne(tenants), 'aws:RequestTag/environment': environment };
  const ArnLike = { 'aws:PrincipalArn': gateways };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumedForTheTenant',
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
        Condition: {
          ArnLike,
          StringEquals: {
            ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
            ...tags,
            'sts:RoleSessionName': ofOne(sessionNames),
          },
        },
      },
      {
        Sid: 'TaggedForTheTenant',
        Effect: 'Allow',
        Principal,
        Action: 'sts:TagSession',
        Condition: {
          ArnLike,
          StringEquals: tags,
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant', 'environment'] },
        },
      },
    ],
  };
}
