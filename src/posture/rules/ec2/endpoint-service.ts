import type { Resource } from '../../template.ts';
import { toText } from '../../values.ts';

export const ENDPOINT = 'AWS::EC2::VPCEndpoint';

/** `bedrock-runtime` of `com.amazonaws.REGION.bedrock-runtime`, `-fips` left out; `undefined` where it is computed. */
export function endpointServiceOf({ properties }: Resource): string | undefined {
  const name = toText(properties.ServiceName);
  const [, service] =
    /^(?:com\.amazonaws|aws\.api|cn\.com\.amazonaws)\.(?:\$\{[^}]*\}|[a-z0-9-]+)\.([a-z0-9.-]+)$/.exec(name ?? '') ??
    [];
  return service?.replace(/-fips$/, '');
}

/** Services whose endpoints take a policy and that data can leave through. */
const WITH_POLICY = new Set([
  ...['bedrock', 'bedrock-runtime', 'bedrock-agent', 'bedrock-agent-runtime', 'bedrock-mantle', 'bedrock-agentcore'],
  ...['s3', 'dynamodb', 'kms', 'sts', 'secretsmanager', 'ssm', 'logs', 'monitoring', 'sqs', 'sns', 'events', 'states'],
  ...['execute-api', 'ecr.api', 'ecr.dkr', 'comprehend', 'comprehendmedical', 'sagemaker.runtime', 'lambda'],
]);

export const takesPolicy = (service: string): boolean => WITH_POLICY.has(service);
