import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { StateError } from '../state-error.ts';

/** An item of the table, in DynamoDB's own form. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** What stands in an item. An absent value is no attribute. */
export type Value = string | number | Uint8Array | readonly string[] | undefined;

/** The primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export function toItem(values: Readonly<Record<string, Value>>): Item {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, toAttribute(value)]])),
  );
}

export function toAttribute(value: Exclude<Value, undefined>): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (value instanceof Uint8Array) return { B: value };
  return { L: value.map((text) => ({ S: text })) };
}

export function toKey({ pk, sk }: Key): Item {
  return toItem({ pk, sk });
}

/** A text of an item. Throws a `StateError` where there is none. */
export function readText(item: Item, name: string): string {
  return item[name]?.S ?? missing(name);
}

export function readNumber(item: Item, name: string): number {
  return Number(item[name]?.N ?? missing(name));
}

/** Bytes of an item, as a plain array: the SDK gives those of a buffer. */
export function readBytes(item: Item, name: string): Uint8Array {
  return new Uint8Array(item[name]?.B ?? missing(name));
}

export function readTexts(item: Item, name: string): readonly string[] {
  return (item[name]?.L ?? missing(name)).map(({ S }) => S ?? missing(name));
}

function missing(name: string): never {
  throw new StateError(`an item of the state has no \`${name}\``);
}
