import {
  CfnFirewallConfig,
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
  CfnResolverQueryLoggingConfig,
  CfnResolverQueryLoggingConfigAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { publicModelApis } from './public-model-apis.data.ts';

export interface DnsFirewallProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  readonly vpcId: string;
  /** Names that are answered, and no others. Undefined: all but public model APIs, for a network that others use too. */
  readonly needed: readonly string[] | undefined;
  /** ARN of the log group that takes every query. */
  readonly logGroupArn: string;
}

/**
 * What the network's resolver answers (Route 53 Resolver DNS Firewall): public model APIs never, then only what is
 * needed. Where the firewall cannot be asked, nothing is answered.
 *
 * It stops names, not addresses: routes and security groups stop those.
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, { name, vpcId, needed, logGroupArn }: DnsFirewallProps) {
    super(scope, id);
    const listOf = (part: string, domains: readonly string[]) =>
      new CfnFirewallDomainList(this, part, { name: `${name}-${part.toLowerCase()}`, domains: [...domains] }).attrId;
    const block = { action: 'BLOCK', blockResponse: 'NXDOMAIN' };
    const rules: CfnFirewallRuleGroup.FirewallRuleProperty[] = [
      { ...block, priority: 100, firewallDomainListId: listOf('Denied', publicModelApis) },
    ];
    if (needed !== undefined) {
      rules.push(
        {
          action: 'ALLOW',
          priority: 200,
          firewallDomainListId: listOf('Needed', needed),
          // S3 answers with a name of its own behind the bucket's.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { ...block, priority: 300, firewallDomainListId: listOf('Others', ['*']) },
      );
    }
    const group = new CfnFirewallRuleGroup(this, 'Rules', { name: `${name}-names`, firewallRules: rules });
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      name: `${name}-names`,
      firewallRuleGroupId: group.attrId,
      vpcId,
      priority: 101,
      mutationProtection: 'ENABLED',
    });
    new CfnFirewallConfig(this, 'FailClosed', { resourceId: vpcId, firewallFailOpen: 'DISABLED' });
    const queries = new CfnResolverQueryLoggingConfig(this, 'Queries', {
      name: `${name}-names`,
      destinationArn: logGroupArn,
    });
    new CfnResolverQueryLoggingConfigAssociation(this, 'QueriesOfNetwork', {
      resolverQueryLogConfigId: queries.attrId,
      resourceId: vpcId,
    });
  }
}
