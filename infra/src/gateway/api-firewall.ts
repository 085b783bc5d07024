import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

export interface ApiFirewallProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  /** Requests of one address in a minute, beyond which it gets 429; 3,000 unless told. */
  readonly requestsPerMinute?: number;
}

/** Bytes of a path, in which models are named, and of a query, of which protocols have none to speak of. */
const LONGEST = { path: 2_048, query: 1_024 } as const;

/**
 * What AWS WAF refuses before a request comes to the gateway: too many of one address, paths and queries that are none of any
 * protocol. Bodies and headers are not looked into: prompts may say whatever an attack says, and WAF sees 64 KB of them at
 * most. Samples, which would have headers and paths in them, are off, and so is WAF's log.
 */
export class ApiFirewall extends Construct {
  /** By ARN. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, requestsPerMinute = 3_000 }: ApiFirewallProps) {
    super(scope, id);
    const rules = [
      {
        name: 'rate',
        responseCode: 429,
        statement: {
          rateBasedStatement: { limit: requestsPerMinute, evaluationWindowSec: 60, aggregateKeyType: 'IP' },
        },
      },
      { name: 'path', responseCode: 414, statement: longerThan({ uriPath: {} }, LONGEST.path) },
      { name: 'query', responseCode: 414, statement: longerThan({ queryString: {} }, LONGEST.query) },
    ];
    const acl = new CfnWebACL(this, 'Acl', {
      name,
      description: 'Too many requests of one address, and paths and queries that are too long',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: counted(name),
      rules: rules.map(({ name: rule, responseCode, statement }, priority) => ({
        name: rule,
        priority,
        statement,
        action: { block: { customResponse: { responseCode } } },
        visibilityConfig: counted(`${name}-${rule}`),
      })),
    });
    this.arn = acl.attrArn;
  }
}

function longerThan(fieldToMatch: CfnWebACL.FieldToMatchProperty, size: number): CfnWebACL.StatementProperty {
  return {
    sizeConstraintStatement: {
      fieldToMatch,
      comparisonOperator: 'GT',
      size,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}

function counted(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
