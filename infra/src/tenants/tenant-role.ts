import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from '../policy/policy-document.ts';
import { policyLength } from '../policy/policy-length.ts';
import { type ModelScope, modelStatements } from './model-statements.ts';
import { dataStatements, safeguardStatements, type TenantData } from './tenant-statements.ts';
import { trustPolicy } from './trust.ts';

/** A tenant, with the models that it may use in each Region it calls. */
export interface TenantScope {
  readonly name: string;
  /** Of its sessions, as the gateway names them. */
  readonly sessionName: string;
  readonly scopes: readonly ModelScope[];
}

export interface TenantRoleProps extends TenantData {
  readonly roleName: string;
  /**
   * `role`: it is one tenant's. `pool`: it is of all of them, told apart by their session's tag, so that whoever takes the
   * gateway over calls as any of them.
   */
  readonly mode: 'role' | 'pool';
  /** One in mode `role`. */
  readonly tenants: readonly TenantScope[];
  readonly environment: string;
  /** ARNs of the roles that assume it, or patterns of them, and their account. */
  readonly gateways: readonly string[];
  readonly gatewayAccount: string;
  readonly externalId?: string;
  /** By ARN. */
  readonly boundary: string;
  /** The network that calls come from, by its id. Default: any. */
  readonly vpc?: string;
  /** Endpoints that calls come through, by their ids. Default: any. */
  readonly endpoints?: readonly string[];
}

/** Characters that IAM takes of all inline policies of a role, without white space. */
const LONGEST_INLINE = 10_240;
const LONGEST_TRUST = 2_048;
const LONGEST_NAME = 64;

/**
 * The role that a tenant's calls of Bedrock are made under: exactly its models, by the ARNs that a call meets, under a
 * guardrail where one is given, from the network, with batches, agents, bearer tokens, tools and the mantle endpoint
 * denied. What the gateway's session policies permit is within it (docs/guide/tenant-roles.md).
 *
 * Throws `RangeError` where IAM would take a name or a policy for too long.
 */
export class TenantRole extends Construct {
  /** By ARN. */
  readonly role: string;

  constructor(scope: Construct, id: string, props: TenantRoleProps) {
    super(scope, id);
    const { roleName, mode, tenants, environment, gateways, gatewayAccount, externalId, boundary } = props;
    if (mode === 'role' && tenants.length !== 1) throw new RangeError(`${roleName}: a role of one tenant is of one`);
    const trust = trustPolicy({
      gateways,
      account: gatewayAccount,
      environment,
      tenants: tenants.map(({ name }) => name),
      sessionNames: tenants.map(({ sessionName }) => sessionName),
      ...(externalId === undefined ? {} : { externalId }),
    });
    const { vpc, endpoints } = props;
    const document = policyDocument([
      ...permissions(props),
      ...safeguardStatements({
        tenants: tenants.map(({ name }) => name),
        environment,
        ...(vpc === undefined ? {} : { vpc }),
        ...(endpoints === undefined ? {} : { endpoints }),
      }),
    ]);
    refuseTooLong(roleName, 'its name', roleName.length, LONGEST_NAME);
    refuseTooLong(roleName, 'its policy', policyLength(this, document), LONGEST_INLINE);
    refuseTooLong(roleName, 'its trust policy', policyLength(this, trust as never), LONGEST_TRUST);
    const role = new CfnRole(this, 'Role', {
      roleName,
      description:
        mode === 'pool' ? 'Calls of all tenants, told apart by a tag' : `Calls of tenant ${tenants[0]?.name}`,
      maxSessionDuration: 3_600,
      permissionsBoundary: boundary,
      assumeRolePolicyDocument: trust,
      policies: [{ policyName: 'models', policyDocument: document }],
    });
    this.role = role.attrArn;
  }
}

const BY_TAG = `${'$'}{aws:PrincipalTag/tenant}`;

function permissions({ mode, tenants, state, exchange }: TenantRoleProps): readonly Statement[] {
  const data = {
    ...(state === undefined ? {} : { state }),
    ...(exchange === undefined ? {} : { exchange }),
  };
  const models = tenants.flatMap(({ name, scopes }, of) => {
    const conditions = mode === 'pool' ? { StringEquals: { 'aws:PrincipalTag/tenant': name } } : {};
    return scopes.flatMap((scope, at) =>
      modelStatements(scope, conditions).map((statement) => ({ ...statement, Sid: `${statement.Sid}Of${of}In${at}` })),
    );
  });
  return [...models, ...dataStatements(mode === 'pool' ? BY_TAG : String(tenants[0]?.name), data)];
}

function refuseTooLong(role: string, what: string, length: number, longest: number): void {
  if (length <= longest) return;
  throw new RangeError(`role ${role}: ${what} has ${length} characters, and IAM takes ${longest}`);
}
