/**
 * Resource types of Bedrock that CloudTrail has data events of. `InvokeModel` and `Converse` are management events; of
 * `Model` are bidirectional streams, and calls that are waited for elsewhere.
 */
export const bedrockDataTypes = [
  'AWS::Bedrock::Model',
  'AWS::Bedrock::AsyncInvoke',
  'AWS::Bedrock::Guardrail',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::AgentAlias',
  'AWS::Bedrock::InlineAgent',
  'AWS::Bedrock::FlowAlias',
] as const;

/** Services whose VPC endpoints are watched for calls that they refuse; of the gateway's, those that CloudTrail knows. */
export const watchedEndpoints = [
  'bedrock.amazonaws.com',
  'dynamodb.amazonaws.com',
  'kms.amazonaws.com',
  's3.amazonaws.com',
  'secretsmanager.amazonaws.com',
] as const;
