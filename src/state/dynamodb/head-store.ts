import { hash } from 'node:crypto';
import type { HeadStore } from '../../core/index.ts';
import { readBytes, toItem } from './item.ts';
import { headKey } from './keys.ts';
import type { Table } from './table.ts';

const MOST_BYTES = 300_000;
const ABSENT = 'attribute_not_exists(#pk)';
const AS_IT_WAS = '#hash = :old';

/** The head of the log `log`, in DynamoDB: what is there is compared by its SHA-256, so that it is not sent again. */
export function createHeadStore(table: Table, log: string): HeadStore {
  return {
    async read() {
      const item = await table.get("read the log's head", headKey(log));
      return item === undefined ? undefined : readBytes(item, 'content');
    },
    async replace(old, next) {
      if (next.length > MOST_BYTES) throw new RangeError(`a log's head has at most ${MOST_BYTES} bytes`);
      const item = toItem({ ...headKey(log), content: next, hash: hash('sha256', next, 'buffer') });
      const condition =
        old === undefined
          ? { expression: ABSENT }
          : { expression: AS_IT_WAS, values: { old: hash('sha256', old, 'buffer') } };
      return (await table.put("replace the log's head", item, condition)).isDone;
    },
  };
}
