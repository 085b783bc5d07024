import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { sha256 } from '../record/leaf.ts';

/** Parts that a tenant's batches and the index are spread over: a partition takes 1,000 write units a second. */
export const JOURNAL_SHARDS = 16;

/** Of the batches that are not done with. */
export const UNSEQUENCED = 'unsequenced';

const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** What the index has of a batch, beside all keys. */
const indexed = ['n', 'b', 't', 'o', 'c', 'h'];

/** The table of the journal, as DynamoDB's CreateTable takes it, and the attribute that says when an item goes by itself. */
export const journalTable = {
  KeySchema: key('pk', 'sk'),
  AttributeDefinitions: ['pk', 'sk', 'u', 'us'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: UNSEQUENCED,
      KeySchema: key('u', 'us'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: indexed },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  timeToLiveAttribute: 'ttl',
} satisfies Omit<CreateTableCommandInput, 'TableName'> & { readonly timeToLiveAttribute: string };

/** Where a batch stands. */
export interface BatchPlace {
  readonly tenant: string;
  /** 16 hexadecimal digits. */
  readonly writer: string;
  /** Counter of its first entry. */
  readonly first: number;
}

/** What the index tells of a batch that is not done with. */
export interface PendingBatch extends BatchPlace {
  /** Entries that it holds. */
  readonly count: number;
  /** Bytes of their frames. */
  readonly bytes: number;
  /** Of its last record, epoch milliseconds. */
  readonly time: number;
  /** Ids, in hexadecimal, of exchanges that begin in it and do not end in it. */
  readonly opened: readonly string[];
  /** Ids, in hexadecimal, of exchanges that end in it and do not begin in it. */
  readonly closed: readonly string[];
  /** SHA-256 of the frames, where they are an object of their own. */
  readonly elsewhere?: Uint8Array;
}

/** Entries that were made durable together. */
export interface JournalBatch extends PendingBatch {
  /** Their frames, one behind the other; empty where they are elsewhere. */
  readonly frames: Uint8Array;
  /** Merkle leaf hash of its last entry. */
  readonly last: Uint8Array;
}

/** A batch as it was read. */
export interface StoredBatch extends JournalBatch {
  /** Whether it is in the published log, with all that was begun in it. */
  readonly isDone: boolean;
}

export type Item = Record<string, AttributeValue>;

const COUNTER_DIGITS = 16;

function shardOf(rangeKey: string): string {
  const [byte = 0] = sha256(Buffer.from(rangeKey));
  return (byte % JOURNAL_SHARDS).toString(16);
}

function toRangeKey({ writer, first }: BatchPlace): string {
  return `${writer}#${first.toString(16).padStart(COUNTER_DIGITS, '0')}`;
}

/** The base key of a batch, computed from its place alone. */
export function toBatchKey(place: BatchPlace) {
  const sk = toRangeKey(place);
  return { pk: { S: `t#${place.tenant}#${shardOf(sk)}` }, sk: { S: sk } };
}

/** A batch's name in messages: its base key. */
export function toBatchName(place: BatchPlace): string {
  const { pk, sk } = toBatchKey(place);
  return `${pk.S}/${sk.S}`;
}

/** The path of the object that holds the entry that is too large for an item. */
export function toLargeEntryPath({ writer, first }: BatchPlace): string {
  return `journal/${writer}/${first.toString(16).padStart(COUNTER_DIGITS, '0')}`;
}

/** The partitions of the index. */
export const indexShards = Array.from({ length: JOURNAL_SHARDS }, (_, shard) => `u#${shard.toString(16)}`);

export function toItem(batch: JournalBatch): Item {
  const { count, bytes, time, opened, closed, elsewhere, frames, last } = batch;
  const at = toBatchKey(batch);
  return {
    ...at,
    u: { S: `u#${shardOf(at.sk.S)}` },
    us: at.sk,
    n: { N: String(count) },
    b: { N: String(bytes) },
    t: { N: String(time) },
    l: { B: last },
    // An empty set is none that DynamoDB takes.
    ...(opened.length > 0 ? { o: toSet(opened) } : {}),
    ...(closed.length > 0 ? { c: toSet(closed) } : {}),
    ...(elsewhere === undefined ? { e: { B: frames } } : { h: { B: elsewhere } }),
  };
}

/** Reads an item, of the table or of its index. */
export function fromItem(item: Item): StoredBatch {
  const [, tenant = ''] = String(item.pk?.S).split('#');
  const [writer = '', first = ''] = String(item.sk?.S).split('#');
  return {
    tenant,
    writer,
    first: Number.parseInt(first, 16),
    count: Number(item.n?.N),
    bytes: Number(item.b?.N),
    time: Number(item.t?.N),
    opened: fromSet(item.o),
    closed: fromSet(item.c),
    ...(item.h?.B === undefined ? {} : { elsewhere: item.h.B }),
    frames: item.e?.B ?? new Uint8Array(),
    last: item.l?.B ?? new Uint8Array(),
    isDone: item.ttl !== undefined,
  };
}

function toSet(ids: readonly string[]) {
  return { BS: ids.map((id) => Buffer.from(id, 'hex')) };
}

function fromSet(set: AttributeValue | undefined): readonly string[] {
  return (set?.BS ?? []).map((id) => Buffer.from(id).toString('hex'));
}
