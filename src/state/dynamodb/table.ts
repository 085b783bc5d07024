import { randomBytes, randomUUID } from 'node:crypto';
import type { AttributeValue, CancellationReason, DynamoDB, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Item, type Key, toAttribute, toItem, toKey, type Value } from './item.ts';
import { retrying } from './retrying.ts';

/** What must hold of the item that is there. Names begin with `#`, and are those of attributes. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, Exclude<Value, undefined>>>;
}

/** What came of a write under a condition. `item`: as it was where it was not done, and as it is where it was changed. */
export interface Written {
  readonly isDone: boolean;
  readonly item: Item | undefined;
}

export interface Change {
  readonly set?: Readonly<Record<string, Exclude<Value, undefined>>>;
  /** Set where the item has none. */
  readonly setAbsent?: Readonly<Record<string, number>>;
  readonly add?: Readonly<Record<string, number>>;
}

export interface Querying {
  readonly pk: string;
  /** From and to, both inclusive, or all that begin with a text. */
  readonly sk?: readonly [from: string, to: string] | string;
  readonly descending?: boolean;
  readonly filter?: Condition | undefined;
  readonly attributes?: readonly string[];
  /** How many items the first page reads; each page after it four times as many. All that a page takes unless given. */
  readonly firstPage?: number;
}

/**
 * The table of the state: every read is a consistent one, and of a write whose reply was lost it is found out whether it
 * is there. Rejects with a `StateError` that names the operation.
 */
export interface Table {
  get(operation: string, key: Key): Promise<Item | undefined>;
  /** Writes an item, marked as written by this call: what is there and has this mark is no failed condition. */
  put(operation: string, item: Item, condition: Condition): Promise<Written>;
  update(operation: string, key: Key, change: Change & { readonly condition?: Condition }): Promise<Written>;
  /** All or none; the reasons where it was none because of a condition. */
  transact(operation: string, writes: readonly TransactWriteItem[]): Promise<readonly CancellationReason[] | undefined>;
  query(operation: string, querying: Querying): AsyncGenerator<Item, void>;
  readonly writes: {
    put(item: Item, condition?: Condition): TransactWriteItem;
    remove(key: Key, condition?: Condition): TransactWriteItem;
    update(key: Key, change: Change & { readonly condition?: Condition }): TransactWriteItem;
    check(key: Key, condition: Condition): TransactWriteItem;
  };
}

/** Who wrote an item last. */
const MARK = 'mark';
const MOST_OF_A_PAGE = 4_000;

/** The item was as no other could have written it. */
export const newMark = () => randomBytes(12);
export function hasMark(item: Item | undefined, mark: Uint8Array): boolean {
  return item?.[MARK]?.B !== undefined && Buffer.from(item[MARK].B).equals(mark);
}

export function createTable(client: DynamoDB, name: string): Table {
  async function written(operation: string, mark: Uint8Array, write: () => Promise<Item | undefined>) {
    try {
      return { isDone: true, item: await retrying(operation, write) };
    } catch (error) {
      const failed = toFailedCondition(error);
      if (failed === undefined) throw error;
      return { isDone: hasMark(failed.item, mark), item: failed.item };
    }
  }

  function updating(key: Key, { set = {}, setAbsent = {}, add = {}, condition }: Parameters<Table['update']>[2]) {
    const parts = [
      ...Object.keys(set).map((attribute) => `#${attribute} = :${attribute}`),
      ...Object.keys(setAbsent).map((attribute) => `#${attribute} = if_not_exists(#${attribute}, :${attribute})`),
    ];
    const adds = Object.keys(add).map((attribute) => `#${attribute} :${attribute}`);
    const expression = [
      ...(parts.length === 0 ? [] : [`SET ${parts.join(', ')}`]),
      ...(adds.length === 0 ? [] : [`ADD ${adds.join(', ')}`]),
    ].join(' ');
    const named = Object.entries({ ...set, ...setAbsent, ...add });
    const values = Object.fromEntries(named.map(([attribute, value]) => [`:${attribute}`, toAttribute(value)]));
    return {
      TableName: name,
      Key: toKey(key),
      UpdateExpression: expression,
      ...conditionOf(condition, expression, values),
    };
  }

  return {
    async get(operation, key) {
      const asked = { TableName: name, Key: toKey(key), ConsistentRead: true };
      return (await retrying(operation, () => client.getItem(asked))).Item;
    },

    async put(operation, item, condition) {
      const mark = newMark();
      const Item = { ...item, ...toItem({ [MARK]: mark }) };
      return written(operation, mark, async () => {
        await client.putItem({ TableName: name, Item, ...conditionOf(condition) });
        return Item;
      });
    },

    async update(operation, key, change) {
      const mark = newMark();
      const asked = updating(key, { ...change, set: { ...change.set, [MARK]: mark } });
      return written(
        operation,
        mark,
        async () => (await client.updateItem({ ...asked, ReturnValues: 'ALL_NEW' })).Attributes,
      );
    },

    async transact(operation, writes) {
      // The same at every try, so that one that landed is not done, or found wanting, a second time.
      const ClientRequestToken = randomUUID();
      try {
        const asked = { TransactItems: [...writes], ClientRequestToken };
        await retrying(operation, () => client.transactWriteItems(asked));
        return undefined;
      } catch (error) {
        const reasons = toFailedTransaction(error);
        if (reasons === undefined) throw error;
        return reasons;
      }
    },

    async *query(operation, { pk, sk, descending = false, filter, attributes, firstPage }) {
      const range = typeof sk === 'string' ? 'begins_with(#sk, :from)' : '#sk BETWEEN :from AND :to';
      const [from, to] = typeof sk === 'string' ? [sk] : (sk ?? []);
      const KeyConditionExpression = sk === undefined ? '#pk = :pk' : `#pk = :pk AND ${range}`;
      const projection = attributes?.map((attribute) => `#${attribute}`).join(', ');
      const expressions = [KeyConditionExpression, projection ?? '', filter?.expression ?? ''].join(' ');
      const asked = {
        TableName: name,
        ConsistentRead: true,
        ScanIndexForward: !descending,
        KeyConditionExpression,
        ExpressionAttributeNames: namesOf(expressions),
        ExpressionAttributeValues: valuesOf({
          pk,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...filter?.values,
        }),
        ...(filter === undefined ? {} : { FilterExpression: filter.expression }),
        ...(projection === undefined ? {} : { ProjectionExpression: projection }),
      };
      let start: Record<string, AttributeValue> | undefined;
      let size = firstPage;
      do {
        const page = {
          ...asked,
          ...(size === undefined ? {} : { Limit: size }),
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        };
        const { Items = [], LastEvaluatedKey } = await retrying(operation, () => client.query(page));
        yield* Items;
        start = LastEvaluatedKey;
        if (size !== undefined) size = Math.min(size * 4, MOST_OF_A_PAGE);
      } while (start !== undefined);
    },

    writes: {
      put: (item, condition) => ({ Put: { TableName: name, Item: { ...item }, ...conditionOf(condition) } }),
      remove: (key, condition) => ({ Delete: { TableName: name, Key: toKey(key), ...conditionOf(condition) } }),
      update: (key, change) => ({ Update: updating(key, change) }),
      check: (key, condition) => {
        const { ConditionExpression = '', ...rest } = conditionOf(condition);
        return { ConditionCheck: { TableName: name, Key: toKey(key), ConditionExpression, ...rest } };
      },
    },
  };
}

/** A condition as the SDK takes it, with the names and values of all expressions of the request. */
function conditionOf(condition: Condition | undefined, expression = '', others: Record<string, AttributeValue> = {}) {
  const names = namesOf(`${expression} ${condition?.expression ?? ''}`);
  const values = { ...others, ...valuesOf(condition?.values ?? {}) };
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    ...(condition === undefined
      ? {}
      : {
          ConditionExpression: condition.expression,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        }),
  };
}

/** Every name goes by a placeholder: many of ours are words that DynamoDB keeps for itself. */
function namesOf(expressions: string): Record<string, string> {
  return Object.fromEntries(
    [...expressions.matchAll(/#([a-z]+)/gi)].map(([placeholder, name = '']) => [placeholder, name]),
  );
}

function valuesOf(values: Readonly<Record<string, Exclude<Value, undefined>>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, toAttribute(value)]));
}

/** The item that did not fulfil a condition; undefined where it was another error. */
function toFailedCondition(error: unknown): { readonly item: Item | undefined } | undefined {
  const { name, Item } = Object(Object(error).cause);
  return name === 'ConditionalCheckFailedException' ? { item: Item } : undefined;
}

function toFailedTransaction(error: unknown): readonly CancellationReason[] | undefined {
  const { name, CancellationReasons = [] } = Object(Object(error).cause);
  const reasons: readonly CancellationReason[] = CancellationReasons;
  const isCondition =
    name === 'TransactionCanceledException' && reasons.some(({ Code }) => Code === 'ConditionalCheckFailed');
  return isCondition ? reasons : undefined;
}
