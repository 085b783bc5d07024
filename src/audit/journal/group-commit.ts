import { GatewayError } from '../../core/index.ts';

/**
 * Gathers items that come while a commit is under way into the next one, so that any number of them share a sync. An
 * item that comes when nothing is under way is committed in the same turn of the event loop; there is no timer.
 */
export interface GroupCommit<Item> {
  /** Resolves once the commit that holds the item has. */
  add(item: Item): Promise<void>;
  /** Resolves once nothing is waiting or under way. */
  settled(): Promise<void>;
  /** Set by the first commit that failed. INVARIANT: never unset, and nothing is committed after it. */
  readonly failure: GatewayError | undefined;
  /** Bytes not yet committed, as `sizeOf` counts them. */
  readonly pendingBytes: number;
}

interface GroupCommitOptions<Item> {
  /** Makes the items durable, in order. */
  readonly commit: (items: readonly Item[]) => Promise<void>;
  readonly sizeOf: (item: Item) => number;
}

/** Items that share a commit, and the promise of it. */
interface Batch<Item> {
  readonly items: Item[];
  bytes: number;
  readonly committed: PromiseWithResolvers<void>;
}

export function createGroupCommit<Item>({ commit, sizeOf }: GroupCommitOptions<Item>): GroupCommit<Item> {
  let waiting: Batch<Item> | undefined;
  let pendingBytes = 0;
  let failure: GatewayError | undefined;
  let running: Promise<void> | undefined;

  function takeWaiting(): Batch<Item> | undefined {
    const batch = waiting;
    waiting = undefined;
    return batch;
  }

  async function run(): Promise<void> {
    // At the end of a turn, when every request it brought has been looked at: begun with the first of them, a commit
    // would leave the others to the next (with 64 requests at a time, 20 items in a sync instead of 29).
    await endOfTurn();
    for (let batch = takeWaiting(); batch !== undefined; batch = takeWaiting()) {
      try {
        await commit(batch.items);
      } catch (cause) {
        // A sync that failed is not tried again: the kernel may have dropped the pages and report success the second
        // time, with nothing written (the "fsyncgate" of PostgreSQL, 2018).
        failure = new GatewayError('journalUnavailable', { cause });
        batch.committed.reject(failure);
        takeWaiting()?.committed.reject(failure);
        break;
      }
      pendingBytes -= batch.bytes;
      batch.committed.resolve();
      await endOfTurn();
    }
    running = undefined;
  }

  return {
    add(item) {
      if (failure !== undefined) return Promise.reject(failure);
      waiting ??= { items: [], bytes: 0, committed: Promise.withResolvers() };
      const size = sizeOf(item);
      waiting.items.push(item);
      waiting.bytes += size;
      pendingBytes += size;
      const { promise } = waiting.committed;
      running ??= run();
      return promise;
    },
    settled: () => running ?? Promise.resolve(),
    get failure() {
      return failure;
    },
    get pendingBytes() {
      return pendingBytes;
    },
  };
}

/** Resolves once the event loop has handled all that is ready now. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
