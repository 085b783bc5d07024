import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** What a table of ours is made of, beside its name. */
export type TableDefinition = Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions' | 'BillingMode'> & {
  readonly GlobalSecondaryIndexes?: CreateTableCommandInput['GlobalSecondaryIndexes'];
  /** The attribute that says when an item goes by itself (epoch seconds). */
  readonly timeToLiveAttribute?: string;
};

/** The table of the state: two keys, on demand. No indexes of DynamoDB's own, for those are read late. */
export const stateTable: TableDefinition = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};
