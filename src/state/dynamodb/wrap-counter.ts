import type { WrappedKeyStore } from '../../core/index.ts';
import { readNumber } from './item.ts';
import { wrappingKey } from './keys.ts';
import type { Table } from './table.ts';

/** Keys that one generation of the wrapping key wraps: its nonces are random, and must not meet. */
const MOST_WRAPS = 2 ** 31;
const OPERATION = 'count a wrapped key';

/**
 * Counts, in one item, what each generation of the wrapping key has wrapped. A wrap whose reply was lost may be counted
 * twice, which is harmless. One item takes 1,000 counts a second; a wrap comes once for each new subject.
 */
export function createWrapCounter(table: Table): Pick<WrappedKeyStore, 'countWrap' | 'advanceGeneration'> {
  return {
    async countWrap() {
      for (;;) {
        const { item = {} } = await table.update(OPERATION, wrappingKey, {
          setAbsent: { generation: 1 },
          add: { wraps: 1 },
        });
        const generation = readNumber(item, 'generation');
        if (readNumber(item, 'wraps') <= MOST_WRAPS) return generation;
        const condition = { expression: '#generation = :old', values: { old: generation } };
        const { isDone } = await table.update(OPERATION, wrappingKey, {
          set: { generation: generation + 1, wraps: 1 },
          condition,
        });
        if (isDone) return generation + 1;
      }
    },
    async advanceGeneration() {
      for (;;) {
        const item = await table.get('advance the wrapping key', wrappingKey);
        const generation = item === undefined ? 1 : readNumber(item, 'generation');
        const condition =
          item === undefined
            ? { expression: 'attribute_not_exists(#pk)' }
            : { expression: '#generation = :old', values: { old: generation } };
        const change = { set: { generation: generation + 1, wraps: 0 }, condition };
        if ((await table.update('advance the wrapping key', wrappingKey, change)).isDone) return generation + 1;
      }
    },
  };
}
