import { Aws, aws_logs as logs } from 'aws-cdk-lib';

/** A data protection policy of CloudWatch Logs, as its API takes it. */
export interface DataProtectionPolicy {
  readonly Name: string;
  readonly Version: '2021-06-01';
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Every kind of data that CloudWatch Logs knows is found and masked, for whoever has not `logs:Unmask`. What was written
 * before the policy stays as it was, and copies elsewhere are not touched.
 *
 * Source: Amazon CloudWatch Logs User Guide, "Help protect sensitive log data with masking".
 */
export function toDataProtectionPolicy(): DataProtectionPolicy {
  const DataIdentifier = names().map((name) => `arn:${Aws.PARTITION}:dataprotection::aws:data-identifier/${name}`);
  return {
    Name: 'sallyport',
    Version: '2021-06-01',
    Statement: [
      { Sid: 'find', DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
      { Sid: 'mask', DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}

function names(): readonly string[] {
  const members: readonly unknown[] = Object.values(logs.DataIdentifier);
  return members.flatMap((member) => (member instanceof logs.DataIdentifier ? [member.name] : [])).toSorted();
}
