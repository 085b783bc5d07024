import type { IndexedRecord, RecordIndex } from '../../core/index.ts';
import { StateError } from '../state-error.ts';
import { createIndexPosition, type IndexPosition } from './index-position.ts';
import { readNumber, readText, readTexts } from './item.ts';
import {
  blockOf,
  padded,
  recordPartitions,
  requestPartition,
  segmentPartition,
  TENANT_SEGMENT,
  tenantPartitions,
} from './keys.ts';
import { queryAll } from './query-all.ts';
import { changeBlock, readBlock } from './record-blocks.ts';
import { toRecord } from './record-items.ts';
import { listRecords } from './record-list.ts';
import type { Table } from './table.ts';

const MOST = 1_000;
const LAST = '9'.repeat(16);
type Edit = (records: readonly IndexedRecord[]) => readonly IndexedRecord[];

/**
 * The index of the log in DynamoDB. Records are written block by block, each in a transaction that holds the position
 * fast: a writer that was slow, even by hours, adds nothing to what another has gone on with, or has forgotten. Nobody is
 * shown what stands at the position or behind it, so that what a writer left there half done is none.
 */
export function createRecordIndex(table: Table): RecordIndex {
  const positions = createIndexPosition(table);

  /** Changes a block, anew where the position has moved meanwhile. `mayGoOn` is asked each time. */
  async function edit(operation: string, block: number, { change, mayGoOn = () => true }: Editing): Promise<void> {
    for (;;) {
      const position = await positions.read(operation);
      if (!mayGoOn(position))
        throw new StateError(`the state in DynamoDB could not ${operation}: records were taken out meanwhile`);
      const old = await readBlock(table, operation, block);
      if (await changeBlock(table, { operation, old, next: change(old), fence: position.unmoved })) return;
    }
  }

  /** Takes records out of blocks: first no writer can put them back, then they go. */
  async function takeOut(operation: string, blocks: () => Promise<Iterable<number>>, change: Edit): Promise<void> {
    await positions.beginEpoch(operation);
    for (const block of await blocks()) await edit(operation, block, { change });
  }

  return {
    position: async () => (await positions.read('read the index')).position,

    async add(records, from, until) {
      const operation = 'add to the index';
      const position = await positions.read(operation);
      if (position.position !== from) return false;
      for (let block = blockOf(from); block <= blockOf(until - 1); block += 1) {
        const old = await readBlock(table, operation, block);
        const added = records.filter(({ index }) => blockOf(index) === block);
        // What is behind the position was left by a writer that did not get to its end.
        const next = [...old.filter(({ index }) => index < from), ...added];
        if (!(await changeBlock(table, { operation, old, next, fence: position.unmoved }))) return false;
      }
      return positions.move(operation, position, until);
    },

    async list(query) {
      if (!(query.limit >= 1 && query.limit <= MOST)) throw new RangeError(`a list has from 1 to ${MOST} records`);
      const { position } = await positions.read('list records');
      return listRecords(table, query, Math.min(position, query.below ?? position));
    },

    async find(requestId) {
      const operation = 'find records';
      const { position } = await positions.read(operation);
      const items = await Array.fromAsync(table.query(operation, { pk: requestPartition(requestId) }));
      return items.map(toRecord).filter(({ index }) => index < position);
    },

    async replace(records, places) {
      const operation = 'replace records';
      const { position, epoch } = await positions.read(operation);
      if (places.some((place) => place >= position)) return false;
      const mayGoOn = (now: IndexPosition) => now.epoch === epoch;
      for (const [block, replaced] of Map.groupBy(places, blockOf)) {
        const added = records.filter(({ index }) => blockOf(index) === block);
        const change: Edit = (old) => [...old.filter(({ index }) => !replaced.includes(index)), ...added];
        await edit(operation, block, { change, mayGoOn });
      }
      return true;
    },

    async cut(size) {
      const operation = 'cut the index';
      await positions.beginEpoch(operation, size);
      const asked = { partitions: recordPartitions, sk: [padded(size), LAST], attributes: ['place'] } as const;
      const behind = await queryAll(table, operation, asked);
      for (const block of new Set(behind.map((item) => blockOf(readNumber(item, 'place'))))) {
        await edit(operation, block, { change: (old) => old.filter(({ index }) => index < size) });
      }
    },

    async forget(tenant, principal) {
      const operation = 'forget records';
      const filter =
        principal === undefined
          ? undefined
          : { expression: 'contains(#principals, :principal)', values: { principal } };
      const asked = { partitions: tenantPartitions(tenant), sk: TENANT_SEGMENT, attributes: ['block'], filter };
      const blocks = async () =>
        new Set((await queryAll(table, operation, asked)).map((item) => readNumber(item, 'block')));
      const isKept = (record: IndexedRecord) =>
        record.tenant !== tenant || (principal !== undefined && record.principal !== principal);
      await takeOut(operation, blocks, (old) => old.filter(isKept));
    },

    async expired(tenant, before, held) {
      const asked = { partitions: tenantPartitions(tenant), sk: TENANT_SEGMENT };
      const items = await queryAll(table, 'find segments past their time', asked);
      const kept = items.filter(
        (item) =>
          readNumber(item, 'lastTime') >= before || readTexts(item, 'principals').some((one) => held.includes(one)),
      );
      const segments = new Set(items.map((item) => readText(item, 'segment')));
      for (const item of kept) segments.delete(readText(item, 'segment'));
      return [...segments];
    },

    async forgetSegment(segment) {
      const operation = 'forget a segment';
      const blocks = async () => {
        const items = await Array.fromAsync(table.query(operation, { pk: segmentPartition(segment) }));
        return items.map((item) => readNumber(item, 'block'));
      };
      await takeOut(operation, blocks, (old) => old.filter((record) => record.segment !== segment));
    },
  };
}

interface Editing {
  readonly change: Edit;
  readonly mayGoOn?: (position: IndexPosition) => boolean;
}
