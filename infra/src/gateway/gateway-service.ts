import { Aws } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnCluster, CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnHostedZone, CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { GatewayTask, type GatewayTaskProps } from './gateway-task.ts';
import { LoadBalancer } from './load-balancer.ts';

/** Where it runs. */
export interface ServiceNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly doorGroupId: string;
  readonly gatewayGroupId: string;
}

export interface GatewayServiceProps
  extends Omit<GatewayTaskProps, 'architecture' | 'cpu' | 'memoryMiB' | 'logRetentionDays'> {
  readonly network: ServiceNetwork;
  /** ARN of the load balancer's certificate in ACM. */
  readonly certificateArn: string;
  /** What callers call, which the certificate is for. A private zone of the network leads it to the load balancer. */
  readonly domainName: string;
  /** ARN of a trust store: callers show a certificate of it. None is asked for unless given. */
  readonly trustStoreArn?: string;
  /** Seconds that the load balancer lets a connection rest: longer than a model call, shorter than the gateway does. */
  readonly idleSeconds: number;
  /** `x86_64` unless given. */
  readonly architecture?: GatewayTaskProps['architecture'];
  /** 1024 units and 2048 MiB unless given. */
  readonly cpu?: number;
  readonly memoryMiB?: number;
  /** 2 to 10 unless given. */
  readonly tasks?: { readonly min: number; readonly max: number };
  /** 365 unless given. */
  readonly logRetentionDays?: number;
  /** True unless told otherwise. */
  readonly isProtected?: boolean;
  readonly fips?: boolean;
}

/** Fargate's last platform of Linux; `LATEST` would be another one without anybody saying so. */
const PLATFORM = '1.4.0';
const CPU_PERCENT = 60;

/**
 * The gateway in Fargate behind an internal load balancer: its whole surface, HTTP/2 and HTTP/1.1, streams of any length.
 * Nobody gets a shell in a task, and a deployment whose tasks do not become healthy is rolled back.
 */
export class GatewayService extends Construct {
  readonly loadBalancer: LoadBalancer;

  constructor(scope: Construct, id: string, props: GatewayServiceProps) {
    super(scope, id);
    const { name, network, tasks = { min: 2, max: 10 }, logRetentionDays = 365 } = props;
    this.loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      name,
      vpcId: network.vpcId,
      subnetIds: network.subnetIds,
      securityGroupId: network.doorGroupId,
      certificateArn: props.certificateArn,
      trustStoreArn: props.trustStoreArn,
      port: props.port,
      idleSeconds: props.idleSeconds,
      logRetentionDays,
      isProtected: props.isProtected ?? true,
      fips: props.fips ?? false,
    });
    const task = new GatewayTask(this, 'Task', {
      ...props,
      architecture: props.architecture ?? 'x86_64',
      cpu: props.cpu ?? 1_024,
      memoryMiB: props.memoryMiB ?? 2_048,
      logRetentionDays,
    });
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: name,
      // It would make a log group of its own, without a key. The gateway's metrics are in its log.
      clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    });
    const service = new CfnService(this, 'Service', {
      serviceName: `${name}-gateway`,
      cluster: cluster.ref,
      taskDefinition: task.taskDefinitionArn,
      launchType: 'FARGATE',
      platformVersion: PLATFORM,
      desiredCount: tasks.min,
      availabilityZoneRebalancing: 'ENABLED',
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        minimumHealthyPercent: 100,
        maximumPercent: 200,
      },
      enableExecuteCommand: false,
      healthCheckGracePeriodSeconds: 90,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...network.subnetIds],
          securityGroups: [network.gatewayGroupId],
          assignPublicIp: 'DISABLED',
        },
      },
      loadBalancers: [
        {
          targetGroupArn: this.loadBalancer.targetGroupArn,
          containerName: task.containerName,
          containerPort: props.port,
        },
      ],
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
    });
    service.addResourceDependency(this.loadBalancer.listener);
    this.#scale(`service/${name}/${service.attrName}`, tasks);
    this.#nameIt(props);
  }

  #scale(resourceId: string, { min, max }: { readonly min: number; readonly max: number }): void {
    const target = new CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId,
      minCapacity: min,
      maxCapacity: max,
      roleArn: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    });
    new CfnScalingPolicy(this, 'ScaleByCpu', {
      policyName: 'cpu',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        targetValue: CPU_PERCENT,
        scaleOutCooldown: 30,
        // Streams last minutes, and tasks that end wait for theirs.
        scaleInCooldown: 300,
      },
    });
  }

  #nameIt({ domainName, network }: GatewayServiceProps): void {
    const zone = new CfnHostedZone(this, 'Zone', {
      name: domainName,
      vpcs: [{ vpcId: network.vpcId, vpcRegion: Aws.REGION }],
      hostedZoneConfig: { comment: 'The front door, by the name that callers use' },
    });
    new CfnRecordSet(this, 'Record', {
      hostedZoneId: zone.attrId,
      name: domainName,
      type: 'A',
      aliasTarget: {
        dnsName: this.loadBalancer.dnsName,
        hostedZoneId: this.loadBalancer.hostedZoneId,
        evaluateTargetHealth: true,
      },
    });
  }
}
