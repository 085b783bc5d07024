import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from '../policy/policy-document.ts';

export interface RecordRoleProps {
  readonly roleName: string;
  readonly description: string;
  /** ARNs of roles or users that may assume it. */
  readonly assumedBy: readonly string[];
  readonly statements: readonly Statement[];
}

/** A role of people: those named assume it for an hour at most. */
export class RecordRole extends Construct {
  /** By ARN. */
  readonly role: string;

  constructor(scope: Construct, id: string, { roleName, description, assumedBy, statements }: RecordRoleProps) {
    super(scope, id);
    const role = new CfnRole(this, 'Role', {
      roleName,
      description,
      maxSessionDuration: 3_600,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: assumedBy }, Action: 'sts:AssumeRole' }],
      },
      policies: [{ policyName: 'record', policyDocument: policyDocument(statements) }],
    });
    this.role = role.attrArn;
  }
}
