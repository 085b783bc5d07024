import { beforeAll, describe, inject } from 'vitest';
import { findDynamoDBLocal } from './dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the endpoint of the DynamoDB Local that the tests of a project share. */
    readonly dynamoDBLocal: string;
  }
}

/** The first that asks waits until it has started, in milliseconds. */
const START_MS = 200_000;

const place = await findDynamoDBLocal();

/**
 * Tests with DynamoDB Local, which are skipped where there is none. All tests of a project share one: each makes tables
 * of names that no other has.
 */
export function describeWithDynamoDBLocal(name: string, suite: (endpoint: () => string) => void): void {
  describe.skipIf('reason' in place)(name, () => {
    let endpoint = '';
    beforeAll(async () => {
      endpoint = await askForEndpoint();
    }, START_MS);
    suite(() => endpoint);
  });
}

async function askForEndpoint(): Promise<string> {
  const response = await fetch(inject('dynamoDBLocal'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
