import { type IndexedRecord, parseRequestId } from '../../core/index.ts';
import { type Item, readNumber, readText, readTexts, toItem } from './item.ts';
import {
  blockOf,
  padded,
  recordKey,
  requestPartition,
  segmentPartition,
  tenantRecordKey,
  tenantSegmentKey,
  typePartition,
} from './keys.ts';

/** Most records are of one of these, and are found among all of a tenant or of everyone. */
const COMMON_TYPES: readonly string[] = ['request', 'release', 'response'];

/** Whether records of a type have a partition of their own: acts, which are few among very many. */
export const isRareType = (type: string) => !COMMON_TYPES.includes(type);

/**
 * All items of a block's records, in the order in which they are to be written: what leads to a record is there before
 * it, and the record of the log before its copies.
 *
 * A record is there whole under each key that it is found by: in the order of the log, of its tenant, of its request,
 * and of its type where that is rare. Copies are as dear as an index of DynamoDB's own, and are read consistently.
 */
export function toItems(records: readonly IndexedRecord[]): readonly Item[] {
  return [
    ...toSegmentItems(records),
    ...records.map((record) => toRecordItem(recordKey(record.index), record)),
    ...records.flatMap((record) => {
      const sk = padded(record.index);
      return [
        toRecordItem(tenantRecordKey(record.tenant, record.index), record),
        toRecordItem({ pk: requestPartition(record.requestId), sk }, record),
        ...(isRareType(record.type) ? [toRecordItem({ pk: typePartition(record.type), sk }, record)] : []),
      ];
    }),
  ];
}

function toRecordItem(key: { readonly pk: string; readonly sk: string }, record: IndexedRecord): Item {
  const { index: place, ...rest } = record;
  return toItem({ ...key, place, ...rest });
}

/** What a segment has of a tenant in a block, by tenant; and that the segment is in the block. */
function toSegmentItems(records: readonly IndexedRecord[]): readonly Item[] {
  const groups = Map.groupBy(records, ({ tenant, segment }) => JSON.stringify([tenant, segment]));
  const segments = Map.groupBy(records, ({ segment }) => segment);
  return [
    ...[...groups.values()].flatMap((group) => group.slice(0, 1).map((first) => toSegmentItem(first, group))),
    ...[...segments].flatMap(([segment, [first]]) =>
      first === undefined
        ? []
        : [toItem({ pk: segmentPartition(segment), sk: padded(blockOf(first.index)), block: blockOf(first.index) })],
    ),
  ];
}

function toSegmentItem({ tenant, segment, index }: IndexedRecord, group: readonly IndexedRecord[]): Item {
  const block = blockOf(index);
  const lastTime = Math.max(...group.map(({ time }) => time));
  const principals = [...new Set(group.map(({ principal }) => principal))].toSorted();
  return toItem({ ...tenantSegmentKey(tenant, segment, block), block, segment, lastTime, principals });
}

export function toRecord(item: Item): IndexedRecord {
  const { model, action, decision } = item;
  return {
    index: readNumber(item, 'place'),
    time: readNumber(item, 'time'),
    type: readText(item, 'type'),
    requestId: parseRequestId(readText(item, 'requestId')),
    tenant: readText(item, 'tenant'),
    principal: readText(item, 'principal'),
    ...(model?.S === undefined ? {} : { model: model.S }),
    ...(action?.S === undefined ? {} : { action: action.S }),
    ...(decision?.S === undefined ? {} : { decision: decision.S }),
    findings: readTexts(item, 'findings'),
    segment: readText(item, 'segment'),
  };
}
