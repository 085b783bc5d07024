import { CfnAlarm, CfnAnomalyDetector } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { toQueries, type WatchedMath, type WatchOptions } from './watch.ts';

/** What is out of the usual of a metric, as data. */
export interface Anomaly {
  readonly name: string;
  readonly says: string;
  readonly metric: WatchedMath;
  readonly minutes: number;
  /** Half the width of what is usual, in standard deviations. */
  readonly width: number;
}

/**
 * A detector that learns what is usual of a metric by the hour and the day of the week, for two weeks, and an alarm for what
 * is above it in two of three periods ("Using CloudWatch anomaly detection"). Where nothing is counted nothing is unusual.
 */
export function createAnomaly(scope: Construct, anomaly: Anomaly, { prefix, topics }: WatchOptions): CfnAlarm {
  const { name, says, metric, minutes, width } = anomaly;
  const queries = toQueries(metric.of, minutes);
  // The alarm and the detector have to have the very same queries, or the alarm learns by a detector of its own.
  const watched = { id: 'watched', expression: metric.expression };
  new CfnAnomalyDetector(scope, `${name}-usual`, {
    metricMathAnomalyDetector: { metricDataQueries: [{ ...watched, returnData: true }, ...queries] },
  });
  return new CfnAlarm(scope, name, {
    alarmName: `${prefix}-${name}`,
    alarmDescription: says,
    metrics: [
      { ...watched, returnData: true },
      ...queries,
      { id: 'usual', expression: `ANOMALY_DETECTION_BAND(watched, ${width})`, returnData: true },
    ],
    thresholdMetricId: 'usual',
    comparisonOperator: 'GreaterThanUpperThreshold',
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: 'notBreaching',
    alarmActions: [...topics],
    okActions: [...topics],
  });
}
