import { CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { createAnomaly } from './anomaly.ts';
import { gatewayWatches, type Watched } from './gateway-watches.ts';
import { createLogMetric, interventionPattern, strangerPattern } from './log-watches.ts';
import { tenantAnomalies } from './tenant-anomalies.ts';
import { createWatch, type Watch } from './watch.ts';

export interface AlarmsProps extends Watched {
  /** What names of ours begin with: `sallyport-prod`. */
  readonly prefix: string;
  /** Topics that are told, by ARN. */
  readonly topics: readonly string[];
  /** Tenants whose metrics are watched for what is unusual; four alarms each. */
  readonly tenants: readonly string[];
  /** The log group of the sequencer. */
  readonly sequencerLog: string;
  /** The log group that Bedrock writes model calls to, and what ARNs of sessions of roles that may call begin with. */
  readonly invocations?: { readonly logGroupName: string; readonly roles: readonly string[] };
  /** Names of alarms of other stacks that mean the same as ours of those that serve nobody. */
  readonly others?: readonly string[];
}

/** Alarms of {@link gatewayWatches} and others that mean that callers are not served. */
const UNSERVED = /^(?:gateway-faults|api-.*-faults|load-balancer-faults)$/;

/**
 * What people are woken by, beside the record's own alarms and the watch on keys: faults, what is unusual of a tenant,
 * interventions of guardrails, model calls past the gateway, quotas. One alarm, `…-not-serving`, stands for all that mean that
 * callers are not served.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { prefix, topics, namespace, tenants, others = [] } = props;
    const options = { prefix, topics };
    const logNamespace = `${prefix}/logs`;
    for (const { name, logGroupName, pattern } of logMetrics(props)) {
      createLogMetric(this, { name, logGroupName, pattern }, logNamespace);
    }
    const watches = [...gatewayWatches(props), ...logMetrics(props).map((one) => toLogWatch(one, logNamespace))];
    const made = watches.map((watch) => ({ watch, alarm: createWatch(this, watch, options) }));
    if (namespace !== undefined) {
      for (const tenant of tenants) {
        for (const anomaly of tenantAnomalies(namespace, tenant)) createAnomaly(this, anomaly, options);
      }
    }
    const unserved = made.filter(({ watch }) => UNSERVED.test(watch.name));
    const names = [...unserved.map(({ watch }) => `${prefix}-${watch.name}`), ...others];
    if (names.length === 0) return;
    const composite = new CfnCompositeAlarm(this, 'not-serving', {
      alarmName: `${prefix}-not-serving`,
      alarmDescription: 'Callers are not served: one of the alarms that it is made of says by whom.',
      alarmRule: names.map((name) => `ALARM("${name}")`).join(' OR '),
      alarmActions: [...topics],
      okActions: [...topics],
    });
    for (const { alarm } of unserved) composite.addResourceDependency(alarm);
  }
}

interface LogMetric {
  readonly name: string;
  readonly says: string;
  readonly logGroupName: string;
  readonly pattern: string;
  readonly threshold: number;
}

function logMetrics({ sequencerLog, invocations }: AlarmsProps): readonly LogMetric[] {
  return [
    {
      name: 'checkpoint-not-kept',
      says: 'The vault did not take the newest checkpoint: its policy, its key, its account.',
      logGroupName: sequencerLog,
      pattern: '"checkpoint not kept"',
      threshold: 0,
    },
    ...(invocations === undefined
      ? []
      : [
          {
            name: 'guardrail-interventions',
            says: 'Guardrails of Bedrock stop more than ten calls in five minutes: an attack, or what our own checks let through.',
            logGroupName: invocations.logGroupName,
            pattern: interventionPattern,
            threshold: 10,
          },
          {
            name: 'calls-past-the-gateway',
            says: 'A model was called by another role than ours: nothing of it is inspected or in the record. `identity.arn` says whose.',
            logGroupName: invocations.logGroupName,
            pattern: strangerPattern(invocations.roles),
            threshold: 0,
          },
        ]),
  ];
}

function toLogWatch({ name, says, threshold }: LogMetric, namespace: string): Watch {
  return {
    name,
    says,
    threshold,
    missing: 'notBreaching',
    because: 'a log without lines has no values',
    metric: { namespace, name, dimensions: {}, statistic: 'Sum' },
  };
}
