import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface RoleStatement {
  /** `service:Action`, each by its whole name. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface GatewayRoleProps {
  /** What names begin with: `sallyport-prod`. The role is `NAME-gateway`. */
  readonly name: string;
  /** What the gateway calls. */
  readonly statements: readonly RoleStatement[];
  /** Names of functions that may have it, or patterns of them; none unless given. */
  readonly functions?: readonly string[];
}

/**
 * The gateway's own role, for its tasks and its functions: tenants' roles trust it by its ARN, so that it is there before
 * them. Only ECS tasks and functions of this account and Region get it (Amazon ECS guide, "confused deputy").
 */
export class GatewayRole extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string, { name, statements, functions = [] }: GatewayRoleProps) {
    super(scope, id);
    const wild = statements.flatMap(({ actions }) => actions).find((action) => action.includes('*'));
    if (wild !== undefined) throw new Error(`the gateway's role: the action ${wild} is not one by name`);
    const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const role = new CfnRole(this, 'Role', {
      roleName: `${name}-gateway`,
      description: 'The gateway itself: state, journal, secrets, and the roles of tenants',
      maxSessionDuration: 3_600,
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          assumedBy('ecs-tasks.amazonaws.com', [`arn:${Aws.PARTITION}:ecs:${here}:*`]),
          ...(functions.length === 0
            ? []
            : [
                assumedBy(
                  'lambda.amazonaws.com',
                  functions.map((one) => `arn:${Aws.PARTITION}:lambda:${here}:function:${one}`),
                ),
              ]),
        ],
      },
      policies: [
        {
          policyName: 'gateway',
          policyDocument: { Version: '2012-10-17', Statement: statements.map(toStatement) },
        },
      ],
    });
    this.roleArn = role.attrArn;
  }
}

/** Lets a service take a role, and only for a resource of ours. */
export function assumedBy(service: string, sources: readonly string[]) {
  return {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': sources },
    },
  } as const;
}

function toStatement({ actions, resources, conditions }: RoleStatement) {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}
