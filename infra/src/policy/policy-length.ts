import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PolicyDocument } from './policy-document.ts';

/** The longest that a pseudo parameter of CloudFormation can come to. */
const LONGEST: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-northeast-1-xxx',
  'AWS::AccountId': '000000000000',
};
/** What a reference comes to that is not known yet: an ARN of usual length. */
const UNKNOWN = 'x'.repeat(120);

/** Characters that IAM counts of a policy, at most: all but white space outside of names (IAM, "IAM and AWS STS quotas"). */
export function policyLength(scope: Construct, policy: PolicyDocument): number {
  return JSON.stringify(flatten(Stack.of(scope).resolve(policy))).length;
}

function flatten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flatten);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length === 1 && name === 'Ref') return LONGEST[String(argument)] ?? UNKNOWN;
  if (entries.length === 1 && name === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, parts]: readonly unknown[] = argument;
    return (Array.isArray(parts) ? parts : []).map(flatten).join(String(separator));
  }
  if (entries.length === 1 && name.startsWith('Fn::')) return UNKNOWN;
  return Object.fromEntries(entries.map(([key, entry]) => [key, flatten(entry)]));
}
