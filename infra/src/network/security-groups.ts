import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** The port that the container listens on. */
export const GATEWAY_PORT = 8080;
const HTTPS = 443;

/** What the gateway itself calls beside AWS: model servers, witnesses, webhooks. */
export interface Destination {
  readonly cidr: string;
  readonly port: number;
}

/** Managed prefix lists of the Region's gateway endpoints: `pl-…`. */
export interface PrefixLists {
  readonly s3: string;
  readonly dynamodb: string;
}

export interface SecurityGroupsProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  readonly vpcId: string;
  /** Ranges that applications call from; from elsewhere no front door is reached. */
  readonly callers: readonly string[];
  readonly destinations: readonly Destination[];
  /** Undefined: 443 to any address, which in a network without a way out is the same until somebody adds a route. */
  readonly prefixLists: PrefixLists | undefined;
  /** Of a network whose endpoints are there already, in groups of their own: its range, which is reached at 443. */
  readonly adopted?: string;
}

/**
 * A group for each tier: callers → `door` → `gateway` → `endpoints`, each open to the one before it alone. `workers` is
 * for functions that nobody calls over the network.
 */
export class SecurityGroups extends Construct {
  readonly door: string;
  readonly gateway: string;
  readonly workers: string;
  readonly endpoints: string;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    const { callers, destinations, prefixLists, adopted } = props;
    const endpoints = this.#group(props, { tier: 'endpoints', says: 'Endpoints of AWS services', out: [] });
    const stores: readonly Rule[] =
      prefixLists === undefined
        ? [{ cidrIp: '0.0.0.0/0', port: HTTPS, says: 'S3 and DynamoDB, by their gateway endpoints' }]
        : Object.entries(prefixLists).map(([service, destinationPrefixListId]) => ({
            destinationPrefixListId,
            port: HTTPS,
            says: `${service}, by its gateway endpoint`,
          }));
    const services: readonly Rule[] = [
      { destinationSecurityGroupId: endpoints.attrGroupId, port: HTTPS, says: 'Endpoints of AWS services' },
      ...(adopted === undefined ? [] : [{ cidrIp: adopted, port: HTTPS, says: 'Endpoints that were there' }]),
      ...stores,
    ];
    const beside = destinations.map(({ cidr, port }) => ({ cidrIp: cidr, port, says: 'Called beside AWS' }));
    const gateway = this.#group(props, { tier: 'gateway', says: 'The gateway', out: [...services, ...beside] });
    const workers = this.#group(props, { tier: 'workers', says: 'Functions beside the gateway', out: services });
    const door = this.#group(props, {
      tier: 'door',
      says: 'Front doors, for callers',
      in: callers.map((cidrIp) => ({ cidrIp, port: HTTPS, says: 'Callers' })),
      out: [{ destinationSecurityGroupId: gateway.attrGroupId, port: GATEWAY_PORT, says: 'The gateway' }],
    });
    this.#admit('GatewayFromDoor', { to: gateway, from: door, port: GATEWAY_PORT });
    this.#admit('EndpointsFromGateway', { to: endpoints, from: gateway, port: HTTPS });
    this.#admit('EndpointsFromWorkers', { to: endpoints, from: workers, port: HTTPS });
    this.door = door.attrGroupId;
    this.gateway = gateway.attrGroupId;
    this.workers = workers.attrGroupId;
    this.endpoints = endpoints.attrGroupId;
  }

  #group({ name, vpcId }: SecurityGroupsProps, { tier, says, in: inward = [], out }: Tier): CfnSecurityGroup {
    return new CfnSecurityGroup(this, `${tier.charAt(0).toUpperCase()}${tier.slice(1)}`, {
      groupName: `${name}-${tier}`,
      groupDescription: says,
      vpcId,
      securityGroupIngress: inward.map(toRule),
      // A group that is given no rule is one that lets everything out.
      securityGroupEgress: out.length === 0 ? [NOWHERE] : out.map(toRule),
      tags: [{ key: 'Name', value: `${name}-${tier}` }],
    });
  }

  #admit(id: string, { to, from, port }: Admission): void {
    new CfnSecurityGroupIngress(this, id, {
      groupId: to.attrGroupId,
      sourceSecurityGroupId: from.attrGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: 'The tier before it',
    });
  }
}

interface Rule {
  readonly cidrIp?: string;
  readonly destinationSecurityGroupId?: string;
  readonly destinationPrefixListId?: string;
  readonly port: number;
  readonly says: string;
}

interface Tier {
  readonly tier: string;
  readonly says: string;
  readonly in?: readonly Rule[];
  readonly out: readonly Rule[];
}

interface Admission {
  readonly to: CfnSecurityGroup;
  readonly from: CfnSecurityGroup;
  readonly port: number;
}

const NOWHERE = {
  cidrIp: '127.0.0.1/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'Lets nothing out',
};

function toRule({ port, says, ...peer }: Rule) {
  return { ...peer, ipProtocol: 'tcp', fromPort: port, toPort: port, description: says };
}
