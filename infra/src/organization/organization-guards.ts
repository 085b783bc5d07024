import { aws_organizations as organizations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { createOrganizationPolicies } from './organization-policies.ts';
import type { OrganizationRules } from './organization-rules.ts';
import { toPolicyText } from './policy.ts';

export interface OrganizationGuardsProps {
  readonly rules: OrganizationRules;
  /** Ids of the accounts or units that they are attached to. Default: none, until somebody attaches them. */
  readonly targets?: readonly string[];
}

/**
 * Service and resource control policies of an organization, made in its management account or by who it delegated them
 * to. Try them on a unit with one account first: they bind administrators too.
 */
export class OrganizationGuards extends Construct {
  constructor(scope: Construct, id: string, { rules, targets = [] }: OrganizationGuardsProps) {
    super(scope, id);
    for (const policy of createOrganizationPolicies(rules)) {
      toPolicyText(policy);
      new organizations.CfnPolicy(this, policy.name, {
        name: policy.name,
        description: policy.description,
        type: policy.kind,
        content: policy.document,
        targetIds: [...targets],
      });
    }
  }
}
