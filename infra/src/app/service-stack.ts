import { CfnParameter } from 'aws-cdk-lib';
import { CfnParameter as PublishedParameter, StringListParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { GatewayService } from '../gateway/gateway-service.ts';
import { GATEWAY_PORT } from '../network/security-groups.ts';
import { toRoleArn } from '../policy/arns.ts';
import { readPublished, toParameters } from './published.ts';
import { loadBalancerIdleSeconds } from './rendered-config.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

type ServiceSettings = NonNullable<Settings['deploy']['service']>;

/** The container's front door. The image has its configuration in it (docs/guide/aws-deploy.md). */
export class ServiceStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings, service: ServiceSettings) {
    super(scope, 'service', { settings, description: 'Sallyport: the gateway as a container behind a load balancer' });
    const { config, prefix } = settings;
    const { loadBalancer } = new GatewayService(this, 'Service', {
      name: prefix,
      network: {
        vpcId: readPublished(this, settings, 'network/vpc'),
        subnetIds: StringListParameter.valueForTypedListParameter(this, `${toParameters(settings)}/network/subnets`),
        doorGroupId: readPublished(this, settings, 'network/security-groups/door'),
        gatewayGroupId: readPublished(this, settings, 'network/security-groups/gateway'),
      },
      certificateArn: service.certificate,
      domainName: service.domainName,
      ...(service.trustStore === undefined ? {} : { trustStoreArn: service.trustStore }),
      idleSeconds: loadBalancerIdleSeconds(config.limits.upstreamTimeoutMs),
      repositoryName: `${prefix}/gateway`,
      imageDigest: service.imageDigest ?? this.#askForDigest(),
      architecture: service.architecture,
      cpu: service.cpu,
      memoryMiB: service.memoryMiB,
      tasks: service.tasks,
      roleArn: toRoleArn(`${prefix}-gateway`),
      port: GATEWAY_PORT,
      logKeyArn: readPublished(this, settings, 'keys/logs'),
      logRetentionDays: service.logRetentionDays,
      isProtected: config.production,
      fips: config.fips,
    });
    new PublishedParameter(this, 'Published-load-balancer', {
      name: `${toParameters(settings)}/service/load-balancer`,
      type: 'String',
      value: loadBalancer.fullName,
      description: 'The name that CloudWatch has metrics of the load balancer by',
    });
  }

  #askForDigest(): string {
    return new CfnParameter(this, 'ImageDigest', {
      type: 'String',
      allowedPattern: 'sha256:[0-9a-f]{64}',
      description: "Digest of the gateway's image in its repository",
    }).valueAsString;
  }
}
