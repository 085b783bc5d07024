import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { type AwsClientOptions, awsClientSettings } from './client-settings.ts';

/** A table of DynamoDB, as plain data that goes to any thread. */
export interface DynamoDBTableOptions extends Pick<AwsClientOptions, 'region' | 'endpoint' | 'fips'> {
  readonly table: string;
}

/**
 * A request that has no answer by then is tried again: a store that answers within milliseconds is not waited for longer.
 * Three tries come to nine seconds, more than a function has left when it gives its model up: then its margins end it.
 */
const REQUEST_TIMEOUT_MS = 3_000;

/** Makes a client of DynamoDB. The AWS SDK is loaded only here: a gateway that keeps its state elsewhere runs without it. */
export async function createDynamoDB(options: AwsClientOptions): Promise<DynamoDB> {
  const [{ DynamoDB }, settings] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    awsClientSettings({ requestTimeoutMs: REQUEST_TIMEOUT_MS, ...options }),
  ]);
  return new DynamoDB(settings);
}
