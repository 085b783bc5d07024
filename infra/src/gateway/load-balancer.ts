import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { BalancerLogs } from './balancer-logs.ts';

export interface LoadBalancerProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** The group of front doors. */
  readonly securityGroupId: string;
  /** ARN of its certificate in ACM. */
  readonly certificateArn: string;
  /** ARN of a trust store: callers show a certificate of it. Undefined: none is asked for. */
  readonly trustStoreArn: string | undefined;
  /** Port that targets listen on, over TLS. */
  readonly port: number;
  /** Seconds that a connection may rest: longer than a model call, shorter than targets keep theirs. */
  readonly idleSeconds: number;
  readonly logRetentionDays: number;
  /** Whether it is kept from being deleted. */
  readonly isProtected: boolean;
  readonly fips: boolean;
}

/**
 * An internal load balancer: HTTP/2 and HTTP/1.1 over TLS 1.2 and 1.3 from callers, HTTP/1.1 over TLS to targets.
 *
 * Protocol version HTTP1 of the target group carries both versions of callers; one of HTTP2 answers 464 to HTTP/1.1
 * (Elastic Load Balancing guide, troubleshooting). `Host` is kept as it came, for signatures cover it.
 */
export class LoadBalancer extends Construct {
  readonly targetGroupArn: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  /** As CloudWatch names it: `app/NAME/ID`. */
  readonly fullName: string;
  readonly listener: CfnListener;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, isProtected } = props;
    const logs = new BalancerLogs(this, 'Logs', { name, retentionDays: props.logRetentionDays });
    const balancer = new CfnLoadBalancer(this, 'Balancer', {
      name,
      type: 'application',
      scheme: 'internal',
      ipAddressType: 'ipv4',
      subnets: [...props.subnetIds],
      securityGroups: [props.securityGroupId],
      loadBalancerAttributes: toAttributes({
        'deletion_protection.enabled': isProtected,
        'idle_timeout.timeout_seconds': props.idleSeconds,
        'routing.http2.enabled': true,
        'routing.http.drop_invalid_header_fields.enabled': true,
        'routing.http.desync_mitigation_mode': 'strictest',
        'routing.http.preserve_host_header.enabled': true,
        'routing.http.xff_header_processing.mode': 'remove',
        'access_logs.s3.enabled': true,
        'access_logs.s3.bucket': logs.bucketName,
        'connection_logs.s3.enabled': true,
        'connection_logs.s3.bucket': logs.bucketName,
      }),
    });
    balancer.addResourceDependency(logs.policy);
    const targets = new CfnTargetGroup(this, 'Targets', {
      name,
      vpcId: props.vpcId,
      targetType: 'ip',
      protocol: 'HTTPS',
      protocolVersion: 'HTTP1',
      port: props.port,
      healthCheckEnabled: true,
      healthCheckProtocol: 'HTTPS',
      healthCheckPath: '/readyz',
      healthCheckIntervalSeconds: 10,
      healthCheckTimeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
      matcher: { httpCode: '200' },
      targetGroupAttributes: toAttributes({
        'deregistration_delay.timeout_seconds': DEREGISTRATION_SECONDS,
        'load_balancing.algorithm.type': 'least_outstanding_requests',
        'stickiness.enabled': false,
      }),
    });
    this.listener = new CfnListener(this, 'Listener', {
      loadBalancerArn: balancer.ref,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: props.fips
        ? 'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04'
        : 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      certificates: [{ certificateArn: props.certificateArn }],
      defaultActions: [{ type: 'forward', targetGroupArn: targets.ref }],
      mutualAuthentication:
        props.trustStoreArn === undefined
          ? { mode: 'off' }
          : { mode: 'verify', trustStoreArn: props.trustStoreArn, ignoreClientCertificateExpiry: false },
      listenerAttributes: toAttributes({ 'routing.http.response.server.enabled': false }),
    });
    this.targetGroupArn = targets.ref;
    this.dnsName = balancer.attrDnsName;
    this.hostedZoneId = balancer.attrCanonicalHostedZoneId;
    this.fullName = balancer.attrLoadBalancerFullName;
  }
}

/** No longer than a task has for ending what it began. */
const DEREGISTRATION_SECONDS = 90;

function toAttributes(attributes: Readonly<Record<string, string | number | boolean>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: String(value) }));
}
