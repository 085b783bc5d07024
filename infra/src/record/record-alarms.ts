import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

export interface RecordAlarmsProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  readonly functionName: string;
  readonly queueName: string;
  /** Names of both tables. */
  readonly tables: readonly string[];
  /** Where the gateway's own metrics are. Default: it has none, and no alarm looks for them. */
  readonly namespace?: string;
  /** Topics that are told, by ARN. */
  readonly topics: readonly string[];
}

interface Watch {
  readonly name: string;
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic?: 'Sum' | 'Maximum';
  readonly isBelow?: boolean;
  readonly threshold: number;
  readonly minutes?: number;
  /** What it is where there is no value. */
  readonly missing?: 'breaching' | 'notBreaching';
}

const MINUTES = 5;

/** The alarms of docs/guide/aws.md, "What to be woken by", as far as they are about the record. */
export class RecordAlarms extends Construct {
  constructor(scope: Construct, id: string, props: RecordAlarmsProps) {
    super(scope, id);
    for (const watch of toWatches(props)) {
      const { name, says, metric, statistic = 'Sum', isBelow = false, minutes = 1 } = watch;
      new CfnAlarm(this, name, {
        alarmName: `${props.prefix}-${name}`,
        alarmDescription: says,
        namespace: watch.namespace,
        metricName: metric,
        dimensions: Object.entries(watch.dimensions).map(([key, value]) => ({ name: key, value })),
        statistic,
        period: 60 * minutes,
        evaluationPeriods: 1,
        threshold: watch.threshold,
        comparisonOperator: isBelow ? 'LessThanThreshold' : 'GreaterThanThreshold',
        treatMissingData: watch.missing ?? 'notBreaching',
        alarmActions: [...props.topics],
        okActions: [...props.topics],
      });
    }
  }
}

function toWatches({ functionName, queueName, tables, namespace }: RecordAlarmsProps): readonly Watch[] {
  const ofFunction = { namespace: 'AWS/Lambda', dimensions: { FunctionName: functionName }, minutes: MINUTES };
  const own = namespace === undefined ? [] : ownWatches(namespace);
  return [
    {
      ...ofFunction,
      name: 'sequencer-errors',
      says: 'The journal is not taken into the log: the log line of the sequencer says why.',
      metric: 'Errors',
      threshold: 0,
    },
    {
      ...ofFunction,
      name: 'sequencer-asleep',
      says: 'Nothing wakes the sequencer: neither the stream nor the schedule.',
      metric: 'Invocations',
      isBelow: true,
      threshold: 1,
      missing: 'breaching',
    },
    {
      ...ofFunction,
      name: 'sequencer-behind',
      says: 'The stream of the journal is behind by more than a minute; the schedule does its work meanwhile.',
      metric: 'IteratorAge',
      statistic: 'Maximum',
      threshold: 60_000,
    },
    {
      name: 'sequencer-dead-letters',
      says: 'A run failed at every try. Nothing is lost by it: mend the cause, and the next run takes all.',
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queueName },
      statistic: 'Maximum',
      threshold: 0,
    },
    // `ThrottledRequests` is told by operation alone, which are many.
    ...tables.map((TableName, at) => ({
      name: `table-throttled-${at + 1}`,
      says: `Table ${TableName} is written to faster than its partitions take: requests may be refused.`,
      namespace: 'AWS/DynamoDB',
      metric: 'WriteThrottleEvents',
      dimensions: { TableName },
      threshold: 0,
      minutes: MINUTES,
    })),
    ...own,
  ];
}

function ownWatches(namespace: string): readonly Watch[] {
  return [
    {
      name: 'record-unavailable',
      says: 'Requests are refused: the journal is not written.',
      namespace,
      metric: 'RecordUnavailable',
      dimensions: {},
      statistic: 'Maximum',
      threshold: 0,
    },
    {
      name: 'record-lag',
      says: 'The log has not taken all there was for ten minutes: receipts are late.',
      namespace,
      metric: 'RecordLag',
      dimensions: {},
      statistic: 'Maximum',
      threshold: 600,
    },
  ];
}
