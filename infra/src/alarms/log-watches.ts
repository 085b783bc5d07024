import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A count of lines of a log group that match a pattern. */
export interface LogWatch {
  readonly name: string;
  readonly logGroupName: string;
  readonly pattern: string;
}

/**
 * By which operation a model is called, in Bedrock's own log of calls: filters that name `InvokeModel` alone see nothing of
 * what goes by Converse or is streamed.
 */
const operations = ['InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream'] as const;

const anyOperation = `(${operations.map((one) => `($.operation = "${one}")`).join(' || ')})`;

/** Where an operation's answer says that a guardrail intervened: whole, or in one of the pieces of a stream. */
const interventions = [
  '($.output.outputBodyJson.stopReason = "guardrail_intervened")',
  '($.output.outputBodyJson[*].messageStop.stopReason = "guardrail_intervened")',
  '($.output.outputBodyJson.amazon-bedrock-guardrailAction = "INTERVENED")',
  '($.output.outputBodyJson[*].amazon-bedrock-guardrailAction = "INTERVENED")',
];

/** Interventions of guardrails, whichever operation was called. */
export const interventionPattern = `{ ${anyOperation} && (${interventions.join(' || ')}) }`;

/**
 * Model calls of anybody but roles of ours: `roles` is what their sessions' ARNs begin with. The service itself writes the
 * identity; what a caller can say of itself, `requestMetadata`, is not looked at.
 */
export function strangerPattern(roles: readonly string[]): string {
  const others = roles.map((role) => `($.identity.arn != "${role}*")`);
  return `{ ${[anyOperation, ...others].join(' && ')} }`;
}

/** Makes the metric of a pattern; its namespace is ours, and where nothing matches it is 0. */
export function createLogMetric(scope: Construct, { name, logGroupName, pattern }: LogWatch, namespace: string): void {
  new CfnMetricFilter(scope, `Filter-${name}`, {
    filterName: name,
    logGroupName,
    filterPattern: pattern,
    metricTransformations: [{ metricName: name, metricNamespace: namespace, metricValue: '1', defaultValue: 0 }],
  });
}
