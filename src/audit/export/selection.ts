import type { Gone } from '../log/log-record.ts';
import { ExportError } from './export-directory-store.ts';
import { type ExportFilter, takes, takesOwner } from './export-filter.ts';
import { createOpenExchanges, isOfExchange } from './open-exchanges.ts';
import type { EntryReader, OpenedEntry } from './opened-entry.ts';

interface SelectionOptions {
  readonly entries: EntryReader;
  readonly filter: ExportFilter;
  /** Of the log that is read. */
  readonly size: number;
  readonly heldBytes: number;
  readonly onProgress?: (done: number, size: number) => void;
}

/** What a filter takes of a log. */
export interface Selection {
  /**
   * All entries of each exchange, and each act. Rejects with an `ExportError` where one is gone that was there in a
   * selection `before`: what is left of its exchange might be taken where the whole was not.
   */
  read(before?: Selection): AsyncGenerator<readonly OpenedEntry[]>;
  /** Places that held nothing any more when this was read. */
  readonly gone: ReadonlyMap<number, Gone>;
}

export function createSelection({ entries, filter, size, heldBytes, onProgress }: SelectionOptions): Selection {
  const open = createOpenExchanges({ again: entries.again, maxBytes: heldBytes });
  const gone = new Map<number, Gone>();

  async function* whole(before: Selection | undefined): AsyncGenerator<readonly OpenedEntry[]> {
    let done = 0;
    for await (const entry of entries.all()) {
      if (typeof entry === 'string') {
        if (before?.gone.has(done) === false) throw new ExportError(`entry ${done} was ${entry} in the meantime`);
        gone.set(done, entry);
      } else if (takesOwner(filter, entry.owner)) {
        const taken = isOfExchange(entry) ? await open.take(entry) : [entry];
        if (taken !== undefined) yield taken;
      }
      done += 1;
      onProgress?.(done, size);
    }
    yield* open.rest();
  }

  return {
    gone,
    async *read(before) {
      for await (const taken of whole(before)) if (takes(filter, taken)) yield taken;
    },
  };
}

/** Acts hold no content. */
export async function* exchangesOf(selection: Selection): AsyncGenerator<readonly OpenedEntry[]> {
  for await (const taken of selection.read()) if (taken.some(isOfExchange)) yield taken;
}
