import { Aws, Tags } from 'aws-cdk-lib';
import { CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { CfnVpcEndpoint as CfnCollectionEndpoint } from 'aws-cdk-lib/aws-opensearchserverless';
import { Construct } from 'constructs';
import { DnsFirewall } from './dns-firewall.ts';
import { type EndpointGrant, toEndpointPolicy } from './endpoint-policy.ts';
import { type EndpointService, endpointServices, type NetworkFeature } from './endpoint-services.data.ts';
import { endpointsOf } from './endpoints-of.ts';
import { IsolatedSubnets } from './isolated-subnets.ts';
import { NetworkLogs } from './network-logs.ts';
import { type Destination, type PrefixLists, SecurityGroups } from './security-groups.ts';

/** A network that is made. */
export interface NewNetwork {
  /** Its addresses, of a prefix of 16 to 24 bits. */
  readonly cidr: string;
  /** Availability Zones, 2 to 6. */
  readonly zones: number;
}

/** A network that is there already. */
export interface AdoptedNetwork {
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** Services whose endpoint it has, with private DNS. Their policies and groups stay whose they are. */
  readonly endpoints: readonly string[];
}

export interface PrivateNetworkProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  readonly network: NewNetwork | AdoptedNetwork;
  readonly features: readonly NetworkFeature[];
  /** By service as it is called (`kms`, not `kms-fips`): the calls its endpoint lets through. Of one without a grant, none. */
  readonly grants: Readonly<Record<string, readonly EndpointGrant[]>>;
  /** Whether AWS is called at its FIPS 140-3 endpoints alone; false unless given. */
  readonly fips?: boolean;
  /** Ranges that applications call from; none unless given. */
  readonly callers?: readonly string[];
  /** What the gateway calls beside AWS; nothing unless given. */
  readonly destinations?: readonly Destination[];
  /** Names of those, for the resolver. */
  readonly destinationNames?: readonly string[];
  readonly prefixLists?: PrefixLists;
  /** ARN of the KMS key of logs. */
  readonly logKeyArn: string;
  /** 365 unless given. */
  readonly logRetentionDays?: number;
}

/**
 * A network without a way out, whose endpoints are those that the enabled features call.
 *
 * Interface endpoints cost by the hour and zone, so that none is there for nothing ({@link endpointCosts}). Each has a
 * policy of named actions, resources and roles. What has no grant is refused, also where a role's own policy allows it.
 * Source: AWS PrivateLink guide; Amazon Bedrock guide, VPC interface endpoints.
 */
export class PrivateNetwork extends Construct {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly groups: SecurityGroups;
  /** By service as it is called: ids of the endpoints that are made here. */
  readonly endpointIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    const { name, network, features, callers = [], destinations = [], fips = false } = props;
    const adopted = 'vpcId' in network ? network : undefined;
    const subnets =
      'vpcId' in network ? network : new IsolatedSubnets(this, 'Subnets', { name, callers, destinations, ...network });
    this.vpcId = subnets.vpcId;
    this.subnetIds = subnets.subnetIds;
    this.groups = new SecurityGroups(this, 'Groups', {
      name,
      vpcId: this.vpcId,
      callers,
      destinations,
      prefixLists: props.prefixLists,
      ...(adopted === undefined || adopted.endpoints.length === 0 ? {} : { adopted: adopted.cidr }),
    });
    const logs = new NetworkLogs(this, 'Logs', {
      name,
      vpcId: this.vpcId,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays ?? 365,
    });
    // Others in an adopted network need names that are not known here.
    const needed = [...endpointsOf({ features }).flatMap(({ names }) => names), ...(props.destinationNames ?? [])];
    new DnsFirewall(this, 'Names', {
      name,
      vpcId: this.vpcId,
      needed: adopted === undefined ? needed : undefined,
      logGroupArn: logs.namesLogGroupArn,
    });
    const existing = adopted?.endpoints ?? [];
    this.endpointIds = Object.fromEntries(
      endpointsOf({ features, fips, existing }).map((entry) => {
        const called = endpointServices.find(({ names }) => names === entry.names)?.service ?? entry.service;
        const grants = props.grants[called] ?? [];
        return [called, this.#endpoint({ entry, called, grants, name }, subnets.routeTableIds)];
      }),
    );
  }

  #endpoint({ entry, called, grants, name }: Endpoint, routeTableIds: readonly string[]): string {
    const id = `Endpoint-${called}`;
    const subnetIds = [...this.subnetIds];
    if (entry.kind === 'collection') {
      const securityGroupIds = [this.groups.endpoints];
      return new CfnCollectionEndpoint(this, id, {
        name: `${name}-vectors`,
        vpcId: this.vpcId,
        subnetIds,
        securityGroupIds,
      }).attrId;
    }
    const common = {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.${entry.service}`,
      policyDocument: toEndpointPolicy(called, grants),
    };
    const endpoint = new CfnVPCEndpoint(
      this,
      id,
      entry.kind === 'gateway'
        ? { ...common, vpcEndpointType: 'Gateway', routeTableIds: [...routeTableIds] }
        : {
            ...common,
            vpcEndpointType: 'Interface',
            subnetIds,
            privateDnsEnabled: true,
            // Callers come through this one; all others are the gateway's.
            securityGroupIds: [called === 'execute-api' ? this.groups.door : this.groups.endpoints],
          },
    );
    Tags.of(endpoint).add('Name', `${name}-${called}`);
    return endpoint.attrId;
  }
}

interface Endpoint {
  readonly entry: EndpointService;
  readonly called: string;
  readonly grants: readonly EndpointGrant[];
  readonly name: string;
}
