import { Fn, Tags } from 'aws-cdk-lib';
import {
  CfnNetworkAcl,
  CfnNetworkAclEntry,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetNetworkAclAssociation,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { type Destination, GATEWAY_PORT } from './security-groups.ts';

export interface IsolatedSubnetsProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  /** Addresses of the network, of a prefix of 16 to 24 bits. */
  readonly cidr: string;
  /** Availability Zones, 2 to 6. */
  readonly zones: number;
  /** Ranges that applications call from. */
  readonly callers: readonly string[];
  /** What the gateway calls beside AWS. */
  readonly destinations: readonly Destination[];
}

/** Rules that a network ACL takes in a direction (Amazon VPC quotas). */
const RULES = 20;
/** Eight subnets have room in a network, for six zones at most. */
const SUBNET_BITS = 3;
const ANYWHERE = '0.0.0.0/0';

/**
 * A network with a subnet in each zone and no way out: no internet gateway, no NAT, no route but to itself and to
 * gateway endpoints.
 */
export class IsolatedSubnets extends Construct {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];

  constructor(scope: Construct, id: string, { name, cidr, zones, callers, destinations }: IsolatedSubnetsProps) {
    super(scope, id);
    const prefix = Number(cidr.split('/')[1]);
    if (!(prefix >= 16 && prefix <= 24)) throw new Error(`a network of ${cidr}: expected a prefix of 16 to 24 bits`);
    const vpc = new CfnVPC(this, 'Vpc', { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true });
    Tags.of(vpc).add('Name', name);
    const table = new CfnRouteTable(this, 'Routes', { vpcId: vpc.attrVpcId });
    Tags.of(table).add('Name', name);
    const acl = new CfnNetworkAcl(this, 'Acl', { vpcId: vpc.attrVpcId });
    this.#permit(acl.attrId, { cidr, callers, destinations });

    const blocks = Fn.cidr(cidr, 2 ** SUBNET_BITS, String(32 - prefix - SUBNET_BITS));
    this.subnetIds = Array.from({ length: zones }, (_, zone) => {
      const subnet = new CfnSubnet(this, `Subnet${zone}`, {
        vpcId: vpc.attrVpcId,
        cidrBlock: Fn.select(zone, blocks),
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        mapPublicIpOnLaunch: false,
      });
      Tags.of(subnet).add('Name', `${name}-${zone}`);
      const subnetId = subnet.attrSubnetId;
      new CfnSubnetRouteTableAssociation(this, `Routes${zone}`, { subnetId, routeTableId: table.attrRouteTableId });
      new CfnSubnetNetworkAclAssociation(this, `Acl${zone}`, { subnetId, networkAclId: acl.attrId });
      return subnetId;
    });
    this.vpcId = vpc.attrVpcId;
    this.routeTableIds = [table.attrRouteTableId];
  }

  /**
   * What crosses a subnet's border, whatever a security group says: TCP of the network itself, callers at 443, and
   * answers. Answers of S3 and DynamoDB come from public addresses, by the route of their endpoints.
   */
  #permit(
    networkAclId: string,
    { cidr, callers, destinations }: Pick<IsolatedSubnetsProps, 'cidr' | 'callers' | 'destinations'>,
  ): void {
    const all: [number, number] = [0, 65_535];
    const answers: [number, number] = [1_024, 65_535];
    const entries: readonly Entry[] = [
      { number: 100, from: cidr, ports: all },
      ...callers.map((from, at) => ({ number: 200 + at, from, ports: [443, 443] as [number, number] })),
      // The gateway's own port is among those that answers come to.
      { number: 300, from: ANYWHERE, ports: [GATEWAY_PORT, GATEWAY_PORT], refused: true },
      { number: 310, from: ANYWHERE, ports: [3_389, 3_389], refused: true },
      { number: 400, from: ANYWHERE, ports: answers },
      { number: 100, from: cidr, ports: all, out: true },
      { number: 200, from: ANYWHERE, ports: [443, 443], out: true },
      ...callers.map((from, at) => ({ number: 300 + at, from, ports: answers, out: true })),
      ...destinations.map(({ cidr: from, port }, at) => ({
        number: 400 + at,
        from,
        ports: [port, port] as [number, number],
        out: true,
      })),
    ];
    for (const out of [false, true]) {
      const count = entries.filter((entry) => (entry.out ?? false) === out).length;
      if (count > RULES) throw new Error(`${count} rules of a network ACL, which takes ${RULES}: join ranges`);
    }
    for (const { number, from, ports, refused = false, out = false } of entries) {
      new CfnNetworkAclEntry(this, `${out ? 'Out' : 'In'}${number}`, {
        networkAclId,
        ruleNumber: number,
        protocol: 6,
        cidrBlock: from,
        portRange: { from: ports[0], to: ports[1] },
        ruleAction: refused ? 'deny' : 'allow',
        egress: out,
      });
    }
  }
}

interface Entry {
  readonly number: number;
  readonly from: string;
  readonly ports: [number, number];
  readonly refused?: boolean;
  readonly out?: boolean;
}
