import { Aws } from 'aws-cdk-lib';

interface Place {
  readonly region?: string;
  readonly account?: string;
}

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, of the stack's own place unless told. */
export function toArn(service: string, resource: string, { region, account }: Place = {}): string {
  return `arn:${Aws.PARTITION}:${service}:${region ?? Aws.REGION}:${account ?? Aws.ACCOUNT_ID}:${resource}`;
}

/** Of a role, or a pattern of roles' names. Roles are of no Region. */
export function toRoleArn(name: string, account?: string): string {
  return toArn('iam', `role/${name}`, { region: '', ...(account === undefined ? {} : { account }) });
}

/** The principal that stands for an account: its own policies of IAM have to permit the same. */
export function accountPrincipal(account: string = Aws.ACCOUNT_ID): { readonly AWS: string } {
  return { AWS: `arn:${Aws.PARTITION}:iam::${account}:root` };
}

/**
 * Only for these roles, by their ARNs or patterns of them. Named by condition, so that a policy can stand before the role
 * does, and one that is made anew is the same.
 */
export function onlyRoles(arns: readonly string[]) {
  return { ArnLike: { 'aws:PrincipalArn': arns } } as const;
}
