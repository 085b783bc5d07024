import type { RequestId } from '../../core/index.ts';
import type { ExportedExchange } from './exchange.ts';
import type { OpenedEntry } from './opened-entry.ts';

/** Puts the entries of each exchange together, as they go by in the order of the log. */
export interface OpenExchanges {
  /** Takes an entry of an exchange, in order. Gives all entries of the exchange, in order, if it is whole with this one. */
  take(entry: OpenedEntry): Promise<readonly OpenedEntry[] | undefined>;
  /** The exchanges that are left, those that began first before the others. */
  rest(): AsyncGenerator<readonly OpenedEntry[]>;
}

interface OpenExchangesOptions {
  /** Reads an entry again. */
  readonly again: (index: number) => Promise<OpenedEntry>;
  /** How much text is held; what is above it is let go of, and read again once the exchange is whole. */
  readonly maxBytes: number;
}

interface Open {
  /** In the order of the log, each held or not. */
  readonly entries: Map<number, OpenedEntry | undefined>;
  requestWriter?: string;
  bytes: number;
}

/**
 * An exchange is whole with its response, where the writer of its request wrote that. Where a gateway did not live to do
 * so, another writer has: its entries can stand before those of the first, so that the exchange waits for the log's end.
 *
 * What is held is bounded: places of the exchanges that are open, and texts of `maxBytes` besides.
 */
export function createOpenExchanges({ again, maxBytes }: OpenExchangesOptions): OpenExchanges {
  const exchanges = new Map<RequestId, Open>();
  /** Those of which entries are held, the first taken first. */
  const holding = new Set<Open>();
  let held = 0;

  function letGo(open: Open): void {
    held -= open.bytes;
    open.bytes = 0;
    holding.delete(open);
  }

  function hold(open: Open, entry: OpenedEntry): void {
    const bytes = entry.content.header.length + entry.content.body.length;
    open.entries.set(entry.index, entry);
    open.bytes += bytes;
    held += bytes;
    holding.add(open);
    for (const oldest of holding) {
      if (held <= maxBytes) break;
      for (const index of oldest.entries.keys()) oldest.entries.set(index, undefined);
      letGo(oldest);
    }
  }

  async function close(open: Open): Promise<readonly OpenedEntry[]> {
    letGo(open);
    const entries: OpenedEntry[] = [];
    for (const [index, entry] of open.entries) entries.push(entry ?? (await again(index)));
    return entries;
  }

  return {
    async take(entry) {
      const { kind, requestId } = entry.record;
      const open: Open = exchanges.get(requestId) ?? { entries: new Map(), bytes: 0 };
      exchanges.set(requestId, open);
      hold(open, entry);
      if (kind === 'request') open.requestWriter = entry.writer;
      if (kind !== 'response' || open.requestWriter !== entry.writer) return undefined;
      exchanges.delete(requestId);
      return close(open);
    },

    async *rest() {
      for (const open of exchanges.values()) yield await close(open);
      exchanges.clear();
    },
  };
}

/** Whether an entry is part of an exchange; else it is an act. */
export function isOfExchange({ record: { kind } }: OpenedEntry): boolean {
  return kind === 'request' || kind === 'release' || kind === 'response';
}

/** The exchange of these entries; undefined where its request is not among them. */
export function toExchange(entries: readonly OpenedEntry[]): ExportedExchange | undefined {
  const records = entries.map(({ record, index, leafHash }) => ({ record, entry: { index, leafHash } }));
  const releases = records.flatMap(({ record }) => (record.kind === 'release' ? record : []));
  const [asked] = records.flatMap(({ record, entry }) => (record.kind === 'request' ? { request: record, entry } : []));
  const [told] = records.flatMap(({ record, entry }) =>
    record.kind === 'response' ? { response: record, entry } : [],
  );
  if (asked === undefined) return undefined;
  return {
    request: asked.request,
    releases,
    response: told?.response,
    requestEntry: asked.entry,
    responseEntry: told?.entry,
  };
}
