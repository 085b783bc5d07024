import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** What an alarm is where there is no value. */
export type Missing = 'breaching' | 'notBreaching' | 'missing' | 'ignore';

/** An alarm as data; docs/guide/aws-deploy.md has a line for each. */
export interface Watch {
  /** What the alarm's name ends with. */
  readonly name: string;
  /** What it means, and what to do. */
  readonly says: string;
  readonly threshold: number;
  readonly isBelow?: boolean;
  readonly minutes?: number;
  /** Of so many periods this many have to be beyond. Default: one of one. */
  readonly periods?: { readonly of: number; readonly beyond: number };
  readonly missing: Missing;
  /** Why that is right for it. */
  readonly because: string;
  readonly metric: WatchedMetric | WatchedMath;
}

export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'SampleCount';
}

/** An expression over metrics, by the ids that it has them by. */
export interface WatchedMath {
  readonly expression: string;
  readonly of: Readonly<Record<string, WatchedMetric>>;
}

export interface WatchOptions {
  readonly prefix: string;
  /** Topics that are told, by ARN. */
  readonly topics: readonly string[];
}

export function createWatch(scope: Construct, watch: Watch, { prefix, topics }: WatchOptions): CfnAlarm {
  const { minutes = 5, periods = { of: 1, beyond: 1 }, metric } = watch;
  return new CfnAlarm(scope, watch.name, {
    alarmName: `${prefix}-${watch.name}`,
    alarmDescription: watch.says,
    ...('expression' in metric ? toMath(metric, minutes) : toSingle(metric, minutes)),
    threshold: watch.threshold,
    comparisonOperator: watch.isBelow === true ? 'LessThanThreshold' : 'GreaterThanThreshold',
    evaluationPeriods: periods.of,
    datapointsToAlarm: periods.beyond,
    treatMissingData: watch.missing,
    alarmActions: [...topics],
    okActions: [...topics],
  });
}

function toSingle({ namespace, name, dimensions, statistic }: WatchedMetric, minutes: number) {
  return { namespace, metricName: name, dimensions: toDimensions(dimensions), statistic, period: minutes * 60 };
}

function toMath({ expression, of }: WatchedMath, minutes: number) {
  return { metrics: [{ id: 'watched', expression, returnData: true }, ...toQueries(of, minutes)] };
}

export function toQueries(of: WatchedMath['of'], minutes: number) {
  return Object.entries(of).map(([id, { namespace, name, dimensions, statistic }]) => ({
    id,
    returnData: false,
    metricStat: {
      metric: { namespace, metricName: name, dimensions: toDimensions(dimensions) },
      stat: statistic,
      period: minutes * 60,
    },
  }));
}

function toDimensions(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}
