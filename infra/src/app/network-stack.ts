import { Annotations } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { withoutFips } from '../network/endpoints-of.ts';
import { type AdoptedNetwork, type NewNetwork, PrivateNetwork } from '../network/private-network.ts';
import { outOfReach, toFeatures, toGrants } from './network-needs.ts';
import { readPublished, toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** The network, and in parameters what other stacks need of it. */
export class NetworkStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'network', { settings, description: 'Sallyport: a network without a way out' });
    const { config, deploy, prefix } = settings;
    const { callers, destinations, prefixLists, logRetentionDays } = deploy.network;
    const features = toFeatures(settings);
    const names = [
      ...destinations.flatMap(({ name }) => (name === undefined ? [] : [name])),
      ...(deploy.service === undefined ? [] : [deploy.service.domainName]),
    ];
    const made = new PrivateNetwork(this, 'Network', {
      name: prefix,
      network: toNetwork(deploy.network),
      features,
      grants: toGrants(this, settings),
      fips: config.fips,
      callers,
      destinations,
      destinationNames: names,
      ...(prefixLists === undefined ? {} : { prefixLists }),
      logKeyArn: readPublished(this, settings, 'keys/logs'),
      logRetentionDays,
    });
    this.#publish(settings, { ...made.endpointIds }, made);
    this.#warn(settings);
  }

  #publish(settings: Settings, endpoints: Readonly<Record<string, string>>, made: PrivateNetwork): void {
    const groups = { door: made.groups.door, gateway: made.groups.gateway, functions: made.groups.workers };
    const texts = [
      ['vpc', made.vpcId],
      ...Object.entries(groups).map(([name, id]) => [`security-groups/${name}`, id]),
      ...Object.entries(endpoints).map(([name, id]) => [`endpoints/${name}`, id]),
    ] as const;
    for (const [name = '', value = ''] of texts) this.#parameter(settings, { name, value, type: 'String' });
    this.#parameter(settings, { name: 'subnets', value: made.subnetIds.join(','), type: 'StringList' });
  }

  #parameter(settings: Settings, { name, value, type }: Published): void {
    new CfnParameter(this, `Published-${name.replaceAll(/[./]/g, '-')}`, {
      name: `${toParameters(settings)}/network/${name}`,
      type,
      value,
    });
  }

  #warn(settings: Settings): void {
    const { config, deploy } = settings;
    const annotations = Annotations.of(this);
    for (const what of outOfReach(settings)) annotations.addWarningV2('sallyport:other-region', what);
    if (config.fips) {
      for (const service of withoutFips(toFeatures(settings))) {
        annotations.addWarningV2('sallyport:no-fips-endpoint', `AWS has no FIPS endpoint service of ${service}`);
      }
    }
    if (deploy.network.prefixLists === undefined) {
      annotations.addWarningV2(
        'sallyport:prefix-lists',
        '`deploy.network.prefixLists` is missing: groups let 443 out to any address, where no route leads. ' +
          '`aws ec2 describe-managed-prefix-lists` names those of S3 and DynamoDB.',
      );
    }
  }
}

interface Published {
  readonly name: string;
  readonly value: string;
  readonly type: 'String' | 'StringList';
}

function toNetwork({ adopt, cidr, zones }: Settings['deploy']['network']): NewNetwork | AdoptedNetwork {
  if (adopt === undefined) return { cidr, zones };
  return {
    vpcId: adopt.vpc,
    cidr: adopt.cidr,
    subnetIds: adopt.subnets.map(({ id }) => id),
    routeTableIds: [...new Set(adopt.subnets.map(({ routeTable }) => routeTable))],
    endpoints: adopt.endpoints,
  };
}
