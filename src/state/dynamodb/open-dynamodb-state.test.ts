import { describe, expect, it } from 'vitest';
import { itStoresCredentials } from '../credential-store.suite.ts';
import { itStoresHeads } from '../head-store.suite.ts';
import { itStoresHolds } from '../hold-store.suite.ts';
import { itIndexesRecords } from '../record-index.suite.ts';
import type { State } from '../state.ts';
import { itStoresWrappedKeys } from '../wrapped-key-store.suite.ts';
import { describeWithDynamoDB } from './dynamodb-fixture.suite.ts';

describeWithDynamoDB('in DynamoDB', ({ open, openTwice, options }) => {
  async function openBoth<Store extends keyof State>(store: Store) {
    const [one, other] = await openTwice();
    return [one[store], other[store]] as const;
  }

  describe("the log's head", () => {
    itStoresHeads(() => openBoth('heads'));
  });

  describe('legal holds', () => {
    itStoresHolds(() => openBoth('holds'));
  });

  describe('the record index', () => {
    itIndexesRecords(() => openBoth('index'));
  });

  describe('credentials', () => {
    itStoresCredentials(() => openBoth('credentials'));
  });

  describe('wrapped keys', () => {
    itStoresWrappedKeys(() => openBoth('wrappedKeys'));
  });

  it('is not opened where there is no table, with advice', async () => {
    expect(options().endpoint).toBeDefined();
    await expect(open('nothing')).rejects.toMatchObject({
      name: 'StateError',
      message:
        'the state in DynamoDB could not be opened: ResourceNotFoundException: the table is not there; `sallyport state create` makes it',
    });
  });
});
