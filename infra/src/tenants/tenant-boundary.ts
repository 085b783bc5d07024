import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';
import { policyLength } from '../policy/policy-length.ts';
import { boundaryStatements, type TenantData } from './tenant-statements.ts';

export interface TenantBoundaryProps extends TenantData {
  /** What names of ours begin with. */
  readonly prefix: string;
}

/** Characters that IAM takes of a managed policy, without white space. */
const LONGEST = 6_144;

/** The permissions boundary of tenants' roles: whoever may edit such a role gives it no more than this. */
export class TenantBoundary extends Construct {
  /** By ARN. */
  readonly policy: string;

  constructor(scope: Construct, id: string, { prefix, ...data }: TenantBoundaryProps) {
    super(scope, id);
    const document = policyDocument(boundaryStatements(data));
    if (policyLength(this, document) > LONGEST)
      throw new RangeError(`the boundary of tenants' roles is over ${LONGEST} characters`);
    const policy = new CfnManagedPolicy(this, 'Policy', {
      managedPolicyName: `${prefix}-tenant-boundary`,
      description: 'The most that a role of a tenant can be given',
      policyDocument: document,
    });
    this.policy = policy.ref;
  }
}
