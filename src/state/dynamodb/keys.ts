import { hash } from 'node:crypto';
import type { Key } from './item.ts';

/**
 * Where items are in the table.
 *
 * What belongs to one tenant begins with `t#TENANT#`, so that a role of that tenant can be let at it alone
 * (`dynamodb:LeadingKeys`). What is asked for before the tenant is known, or over all of them, begins otherwise.
 *
 * A partition takes 1,000 units of writing a second, and DynamoDB splits none whose new items all go to its end. So what
 * grows is dealt over shards, by hash or in blocks. INVARIANT: `SHARDS` and `BLOCK` never change, or nothing is found.
 */
export const SHARDS = 8;
/** Records of neighbouring places that are in one partition, and that one transaction takes, all their items. */
const BLOCK = 24;

const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);
const PLACE_DIGITS = 16;

/** A number as text that sorts as the number does. */
export const padded = (number: number) => String(number).padStart(PLACE_DIGITS, '0');

export const blockOf = (place: number) => Math.floor(place / BLOCK);
export const firstPlaceOf = (block: number) => block * BLOCK;
const shardOfBlock = (block: number) => block % SHARDS;
const shardOf = (text: string) => Number.parseInt(hash('sha256', text).slice(0, 8), 16) % SHARDS;

export const headKey = (log: string): Key => ({ pk: `head#${log}`, sk: 'head' });
export const positionKey: Key = { pk: 'index', sk: 'position' };
export const wrappingKey: Key = { pk: 'wrapping', sk: 'count' };
export const HOLDS = 'holds';
/** Keys that were destroyed, by when. */
export const DESTROYED = 'destroyed';

export const credentialKey = (id: string): Key => ({ pk: `credential#${shardOf(id)}`, sk: id });
export const credentialPartitions = ALL_SHARDS.map((shard) => `credential#${shard}`);

/** Of the item that says whose a key is, or when it was destroyed. */
export const keyIdKey = (keyId: string): Key => ({ pk: `key#${shardOf(keyId)}`, sk: keyId });
export const keyIdPartitions = ALL_SHARDS.map((shard) => `key#${shard}`);

// A tenant's name has no `#` in it. One that had could begin as that of another.
const tenantPartition = (tenant: string, shard: number) => `t#${encodeURIComponent(tenant)}#${shard}`;
export const tenantPartitions = (tenant: string) => ALL_SHARDS.map((shard) => tenantPartition(tenant, shard));

export const WRAPPED = 'k#';
export const wrappedKeyKey = (tenant: string, subject: string): Key => ({
  pk: tenantPartition(tenant, shardOf(subject)),
  sk: `${WRAPPED}${subject}`,
});

export const TENANT_RECORD = 'r#';
export const TENANT_SEGMENT = 's#';
export const recordPartitions = ALL_SHARDS.map((shard) => `record#${shard}`);
export const recordPartitionOf = (block: number) => `record#${shardOfBlock(block)}`;
export const requestPartition = (requestId: string) => `request#${requestId}`;
export const typePartition = (type: string) => `type#${type}`;
export const segmentPartition = (segment: string) => `segment#${segment}`;

export const recordKey = (place: number): Key => ({ pk: recordPartitionOf(blockOf(place)), sk: padded(place) });
export const tenantRecordKey = (tenant: string, place: number): Key => ({
  pk: tenantPartition(tenant, shardOfBlock(blockOf(place))),
  sk: `${TENANT_RECORD}${padded(place)}`,
});
export const tenantSegmentKey = (tenant: string, segment: string, block: number): Key => ({
  pk: tenantPartition(tenant, shardOfBlock(block)),
  sk: `${TENANT_SEGMENT}${segment}#${padded(block)}`,
});
