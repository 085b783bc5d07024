import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';
import { isWithoutGuardrail, type ModelScope, modelStatements } from './model-statements.ts';
import { safeguardStatements } from './tenant-statements.ts';

export interface EmbeddingRoleProps {
  readonly roleName: string;
  readonly tenant: string;
  readonly environment: string;
  /** Models that embed or rank, in each Region that they are called in. */
  readonly scopes: readonly Omit<ModelScope, 'guardrail'>[];
  /** The trust policy: who may assume it. */
  readonly trust: object;
  /** By ARN. */
  readonly boundary: string;
  /** The network that calls come from, by its id. Default: any. */
  readonly vpc?: string;
}

/**
 * A role that embeds or ranks for one tenant and generates nothing: for what fills a vector store. Its models take no
 * guardrail, so that it names exactly theirs, and is apart from roles under one. Throws `RangeError` for another model.
 */
export class EmbeddingRole extends Construct {
  /** By ARN. */
  readonly role: string;

  constructor(scope: Construct, id: string, props: EmbeddingRoleProps) {
    super(scope, id);
    const { roleName, tenant, environment, trust, boundary, vpc } = props;
    const other = props.scopes.flatMap(({ models }) => models).find((model) => !isWithoutGuardrail(model));
    if (other !== undefined)
      throw new RangeError(`role ${roleName}: ${other.id} takes a guardrail, and none is asked for here`);
    const role = new CfnRole(this, 'Role', {
      roleName,
      description: `Embeds for tenant ${tenant}`,
      maxSessionDuration: 3_600,
      permissionsBoundary: boundary,
      assumeRolePolicyDocument: trust,
      policies: [
        {
          policyName: 'models',
          policyDocument: policyDocument([
            ...props.scopes.flatMap((one, at) =>
              modelStatements(one).map((statement) => ({ ...statement, Sid: `${statement.Sid}In${at}` })),
            ),
            ...safeguardStatements({ tenants: [tenant], environment, ...(vpc === undefined ? {} : { vpc }) }),
          ]),
        },
      ],
    });
    this.role = role.attrArn;
  }
}
