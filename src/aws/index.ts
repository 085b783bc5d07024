export { type AwsClientOptions, type AwsCredentials, awsClientSettings } from './client-settings.ts';
export { createDynamoDB, type DynamoDBTableOptions } from './dynamodb.ts';
