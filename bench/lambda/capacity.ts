import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';

/** Request units of DynamoDB on demand. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

export const NOTHING: Units = { read: 0, write: 0 };

/** What AWS counts where nothing is found or written. */
const LEAST_READ = { consistent: 1, eventual: 0.5 };
const LEAST_WRITE = 1;
const KIB = 1_024;

/** The request with the wish to be told what it takes. */
export function withConsumption(asked: Buffer): Buffer {
  return Buffer.concat([Buffer.from('{"ReturnConsumedCapacity":"TOTAL",'), asked.subarray(asked.indexOf('{') + 1)]);
}

/** Bodies of a call, the request's as the client sent it. */
export interface CallBodies {
  readonly asked: Buffer;
  readonly answered: Buffer;
}

/**
 * Units of one call by what DynamoDB Local says, which is AWS's rule by bytes ("DynamoDB read and write operations"), and
 * by that rule itself where it says otherwise: a read that finds nothing takes one unit, half a unit where it need not be
 * consistent; of a transaction each item takes two units for each KB that is begun.
 */
export function unitsOf(operation: string, { asked, answered }: CallBodies): Units {
  const [name = ''] = operation.split(' ');
  if (name === 'TransactWriteItems') return { read: 0, write: transactionUnitsOf(JSON.parse(asked.toString())) };
  const told = consumedOf(answered);
  if (name !== 'GetItem' && name !== 'Query') return { read: 0, write: Math.max(told, LEAST_WRITE) };
  const { ConsistentRead = false }: { readonly ConsistentRead?: boolean } = JSON.parse(asked.toString());
  return { read: Math.max(told, ConsistentRead ? LEAST_READ.consistent : LEAST_READ.eventual), write: 0 };
}

/** 0 of an answer that does not say, as a refusal does not. */
function consumedOf(answered: Buffer): number {
  const { ConsumedCapacity }: { readonly ConsumedCapacity?: { readonly CapacityUnits?: number } } = JSON.parse(
    answered.toString(),
  );
  return ConsumedCapacity?.CapacityUnits ?? 0;
}

function transactionUnitsOf({ TransactItems = [] }: { readonly TransactItems?: readonly TransactWriteItem[] }): number {
  // What is updated, deleted or only looked at in one is small.
  return TransactItems.reduce((sum, { Put }) => sum + 2 * Math.max(1, Math.ceil(sizeOf(Put?.Item ?? {}) / KIB)), 0);
}

/** Bytes of an item as AWS counts them, from its form on the wire, where bytes are base64. */
export function sizeOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSizeOf(value), 0);
}

function valueSizeOf({ S, N, B, L, SS, BS }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // Two digits a byte, and one more.
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return Buffer.byteLength(String(B), 'base64');
  if (SS !== undefined) return SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (BS !== undefined) return BS.reduce((sum, bytes) => sum + Buffer.byteLength(String(bytes), 'base64'), 0);
  if (L !== undefined) return L.reduce((sum, value) => sum + 1 + valueSizeOf(value), 3);
  return 1;
}
