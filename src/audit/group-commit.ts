import { GatewayError } from '../core/index.ts';

/**
 * Gathers items that come while a commit is under way into the next one, so that any number of them share a sync. An
 * item that comes when nothing is under way is committed at once; there is no timer.
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

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: GatewayError) => void;
}

interface GroupCommitOptions<Item> {
  /** Makes the items durable, in order. */
  readonly commit: (items: readonly Item[]) => Promise<void>;
  readonly sizeOf: (item: Item) => number;
}

export function createGroupCommit<Item>({ commit, sizeOf }: GroupCommitOptions<Item>): GroupCommit<Item> {
  let waiting: Waiting<Item>[] = [];
  let pendingBytes = 0;
  let failure: GatewayError | undefined;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // What is added before the caller next waits for something goes into the same commit.
    await undefined;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await commit(batch.map(({ item }) => item));
      } catch (cause) {
        // A sync that failed is not tried again: the kernel may have dropped the pages and report success the second
        // time, with nothing written (the "fsyncgate" of PostgreSQL, 2018).
        failure = new GatewayError('journalUnavailable', { cause });
        for (const { reject } of [...batch, ...waiting]) reject(failure);
        waiting = [];
        break;
      }
      for (const { item, resolve } of batch) {
        pendingBytes -= sizeOf(item);
        resolve();
      }
    }
    running = undefined;
  }

  return {
    add(item) {
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        pendingBytes += sizeOf(item);
        running ??= run();
      });
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
