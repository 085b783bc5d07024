import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { toArn, toRoleArn } from '../policy/arns.ts';
import { policyDocument } from '../policy/policy-document.ts';
import { type DataClass, dataClasses } from './data-classes.data.ts';
import { KeyAlarms } from './key-alarms.ts';
import { keyStatements } from './key-statements.ts';

export interface KeysProps {
  /** What names of ours begin with, such as `sallyport-prod`. */
  readonly prefix: string;
  /** What names of parameters begin with, such as `/sallyport/prod`: the ARN of a key is at `…/keys/CLASS`. */
  readonly parameters: string;
  /** Tenants that record keys may be wrapped for. */
  readonly tenants: readonly string[];
  /** Default: all. */
  readonly classes?: readonly DataClass[];
  /** Whether the key of record keys is a multi-Region key, of which another Region can have a replica; false unless told. */
  readonly isMultiRegion?: boolean;
  /** Roles that CloudFormation makes resources with. Default: those of the CDK's bootstrap. */
  readonly makers?: readonly string[];
  /** Days that a key waits for its deletion, 7 to 30; 30 unless told. */
  readonly pendingDays?: number;
}

/**
 * A customer managed key for each class of data, rotated each year, with an alias `PREFIX-CLASS`, its ARN in a parameter,
 * and a topic that is told of each attempt to disable or delete one or to change its policy. Keys outlive the stack.
 *
 * Who administers a key cannot use it, and who uses it cannot administer it; services use one for our resources alone
 * (AWS KMS, "Key policies"; AWS SRA for generative AI: a key for each class).
 */
export class Keys extends Construct {
  /** By class. */
  readonly arns: Readonly<Partial<Record<DataClass, string>>>;
  /** The topic of alarms, by ARN. */
  readonly topic: string;

  constructor(scope: Construct, id: string, props: KeysProps) {
    super(scope, id);
    const { prefix, parameters, tenants, isMultiRegion = false, pendingDays = 30 } = props;
    const classes = props.classes ?? (Object.keys(dataClasses) as readonly DataClass[]);
    const makers = props.makers ?? [toRoleArn('cdk-*-cfn-exec-role-*')];
    const topic = `${prefix}-alarms`;
    const options = {
      prefix,
      tenants,
      makers,
      logGroups: [`/${prefix}/*`, `/aws/*/${prefix}*`, `aws-waf-logs-${prefix}*`, 'API-Gateway-Execution-Logs_*'],
      topics: [toArn('sns', topic)],
    };
    const made = classes.map((of) => {
      const key = new CfnKey(this, capital(of), {
        description: `${prefix}: ${dataClasses[of].says}`,
        enableKeyRotation: true,
        multiRegion: isMultiRegion && of === 'record',
        pendingWindowInDays: pendingDays,
        keyPolicy: policyDocument(keyStatements(of, options)),
        tags: [{ key: 'sallyport:data-class', value: of }],
      });
      key.applyRemovalPolicy(RemovalPolicy.RETAIN);
      new CfnAlias(this, `${capital(of)}Alias`, { aliasName: `alias/${prefix}-${of}`, targetKeyId: key.ref });
      new CfnParameter(this, `${capital(of)}Parameter`, {
        name: `${parameters}/keys/${of}`,
        type: 'String',
        value: key.attrArn,
        description: `ARN of the key of ${dataClasses[of].says}`,
      });
      return [of, key.attrArn] as const;
    });
    this.arns = Object.fromEntries(made);
    const alarms = new KeyAlarms(this, 'Alarms', {
      topicName: topic,
      keys: made.map(([, arn]) => arn),
      ...(this.arns.messages === undefined ? {} : { topicKey: this.arns.messages }),
    });
    this.topic = alarms.topic;
    new CfnParameter(this, 'TopicParameter', {
      name: `${parameters}/alarms/topic`,
      type: 'String',
      value: this.topic,
      description: 'ARN of the topic that alarms go to',
    });
    new CfnOutput(this, 'Topic', { value: this.topic, description: 'Subscribe to it whoever is to be woken.' });
  }
}

function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
