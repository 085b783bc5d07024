import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { assumedBy } from './gateway-role.ts';

export interface GatewayTaskProps {
  /** What names begin with: `sallyport-prod`. The role that pulls the image and writes the log is `NAME-execution`. */
  readonly name: string;
  /** Name of the image's repository in this account and Region. */
  readonly repositoryName: string;
  /** `sha256:…`: what runs is what was looked at, whoever moves a tag. */
  readonly imageDigest: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly cpu: number;
  readonly memoryMiB: number;
  /** The gateway's own role. */
  readonly roleArn: string;
  /** Port that it listens on, over TLS. */
  readonly port: number;
  /** ARN of the KMS key of logs. */
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
}

/** The image's user: neither root nor one of the base image. */
const USER = '65532:65532';
const PLATFORMS = { x86_64: 'X86_64', arm64: 'ARM64' } as const;

/** How a task of the gateway runs: nothing to write to, no privilege, no capability, no way in but its port. */
export class GatewayTask extends Construct {
  readonly taskDefinitionArn: string;
  readonly containerName = 'gateway';

  constructor(scope: Construct, id: string, props: GatewayTaskProps) {
    super(scope, id);
    const { name, repositoryName, imageDigest, port } = props;
    const group = new CfnLogGroup(this, 'Log', {
      logGroupName: `/${name}/gateway`,
      kmsKeyId: props.logKeyArn,
      retentionInDays: props.logRetentionDays,
    });
    group.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const execution = this.#executionRole(props, group);
    const definition = new CfnTaskDefinition(this, 'Definition', {
      family: `${name}-gateway`,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.cpu),
      memory: String(props.memoryMiB),
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: PLATFORMS[props.architecture] },
      taskRoleArn: props.roleArn,
      executionRoleArn: execution.attrArn,
      containerDefinitions: [
        {
          name: this.containerName,
          image: `${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/${repositoryName}@${imageDigest}`,
          essential: true,
          user: USER,
          privileged: false,
          readonlyRootFilesystem: true,
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
          portMappings: [{ containerPort: port, protocol: 'tcp' }],
          environment: [{ name: 'SALLYPORT_READY_URL', value: `https://127.0.0.1:${port}/readyz` }],
          healthCheck: {
            command: ['CMD', 'node', '/opt/sallyport/healthcheck.mjs'],
            interval: 10,
            timeout: 5,
            retries: 3,
            startPeriod: 60,
          },
          ulimits: [{ name: 'nofile', softLimit: 65_535, hardLimit: 65_535 }],
          // Fargate's longest: what was begun is ended, and recorded.
          stopTimeout: 120,
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': group.ref,
              'awslogs-region': Aws.REGION,
              'awslogs-stream-prefix': 'task',
              // A log that does not take lines does not hold up requests: the record is elsewhere.
              mode: 'non-blocking',
              'max-buffer-size': '8m',
            },
          },
        },
      ],
    });
    this.taskDefinitionArn = definition.ref;
  }

  /** What ECS itself does for a task: gets its image, writes its log. */
  #executionRole({ name, repositoryName }: GatewayTaskProps, group: CfnLogGroup): CfnRole {
    const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const allow = (Action: readonly string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
    return new CfnRole(this, 'ExecutionRole', {
      roleName: `${name}-execution`,
      description: "Gets the gateway's image and writes its log",
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [assumedBy('ecs-tasks.amazonaws.com', [`arn:${Aws.PARTITION}:ecs:${here}:*`])],
      },
      policies: [
        {
          policyName: 'execution',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              // Of no resource (service authorization reference, Amazon ECR).
              allow(['ecr:GetAuthorizationToken'], '*'),
              allow(
                ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
                `arn:${Aws.PARTITION}:ecr:${here}:repository/${repositoryName}`,
              ),
              allow(['logs:CreateLogStream', 'logs:PutLogEvents'], group.attrArn),
            ],
          },
        },
      ],
    });
  }
}
