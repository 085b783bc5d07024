import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { toArn } from '../policy/arns.ts';
import { policyDocument } from '../policy/policy-document.ts';

export interface KeyAlarmsProps {
  readonly topicName: string;
  /** The key that messages are encrypted under, by ARN. Default: SNS encrypts none. */
  readonly topicKey?: string;
  /** Keys that are watched, by ARN. */
  readonly keys: readonly string[];
}

/** What makes a key useless, or somebody else's. */
const WATCHED = ['DisableKey', 'DisableKeyRotation', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'UpdatePrimaryRegion'];

/**
 * A topic that is told of calls that disable or delete a key or change its policy, done or refused. CloudTrail has
 * each of them within minutes; a trail with management events is needed ("Monitoring KMS keys with Amazon EventBridge").
 */
export class KeyAlarms extends Construct {
  /** By ARN. */
  readonly topic: string;

  constructor(scope: Construct, id: string, { topicName, topicKey, keys }: KeyAlarmsProps) {
    super(scope, id);
    const topic = new CfnTopic(this, 'Topic', {
      topicName,
      ...(topicKey === undefined ? {} : { kmsMasterKeyId: topicKey }),
    });
    this.topic = topic.ref;
    new CfnRule(this, 'KeyEvents', {
      name: `${topicName}-keys`,
      description: 'A key is disabled, deleted or given another policy',
      eventPattern: {
        source: ['aws.kms'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: WATCHED,
          resources: { ARN: keys },
        },
      },
      targets: [{ id: 'Topic', arn: this.topic }],
    });
    new CfnTopicPolicy(this, 'TopicPolicy', {
      topics: [this.topic],
      policyDocument: policyDocument([
        publish('AlarmsOfCloudWatch', 'cloudwatch.amazonaws.com', this.topic, toArn('cloudwatch', 'alarm:*')),
        publish('Budgets', 'budgets.amazonaws.com', this.topic, toArn('budgets', '*', { region: '' })),
        publish('EventsOfEventBridge', 'events.amazonaws.com', this.topic, toArn('events', 'rule/*')),
        {
          Sid: 'OverTlsAlone',
          Effect: 'Deny',
          Principal: '*',
          Action: ['sns:Publish', 'sns:Subscribe'],
          Resource: this.topic,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    });
  }
}

function publish(Sid: string, Service: string, topic: string, source: string) {
  return {
    Sid,
    Effect: 'Allow',
    Principal: { Service },
    Action: ['sns:Publish'],
    Resource: topic,
    Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': source } },
  } as const;
}
