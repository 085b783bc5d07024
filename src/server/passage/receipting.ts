import type { Journal } from '../../core/index.ts';
import type { Outlet } from './outlet.ts';

/** Signs promises that an entry will be in the log. */
export interface Receipts {
  sign(leafHash: Uint8Array, time: number): Promise<string>;
}

/** One exchange's receipt for its request. */
export interface Receipting {
  /** The journal, heard: a request that has become durable is promised. */
  readonly journal: Pick<Journal, 'append'>;
  /** Puts the promise on the answer, once it is signed. Called before anything of the answer leaves. */
  ready(): Promise<void> | undefined;
}

/** The signature is made on another thread, while the model is called. */
export function createReceipting(journal: Journal, receipts: Receipts, outlet: Pick<Outlet, 'promise'>): Receipting {
  let signing: Promise<void> | undefined;
  return {
    journal: {
      async append(record, owner) {
        const appended = await journal.append(record, owner);
        if (record.kind === 'request') {
          signing = receipts.sign(appended.leafHash, record.time).then((receipt) => outlet.promise(receipt));
          // Heard where it is waited for.
          signing.catch(() => {});
        }
        return appended;
      },
    },
    ready: () => signing,
  };
}
