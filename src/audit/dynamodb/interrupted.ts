import type { Clock, RecordIndex } from '../../core/index.ts';
import { createEncoder, createSalts } from '../journal/encoder.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import type { PlacedEntry } from '../journal/series.ts';
import type { RecordKey, RecordKeyFinder } from '../record/record-keys.ts';
import { toRequestId } from '../record/sealed-record.ts';
import type { BatchReader } from './batch-reader.ts';
import { toBatch } from './chain.ts';
import { toBatchName } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';
import type { OpenBatch, TableSource } from './table-source.ts';

/** AWS Lambda ends a call after 15 minutes; the rest is for clocks that differ, and for the way into the table. */
const LONGEST_EXCHANGE_MS = 20 * 60_000;
/** Exchanges that are closed in one transaction, of which DynamoDB takes 100 items. */
const AT_ONCE = 50;

interface ClosingOptions {
  readonly table: Pick<JournalTable, 'putClosing'>;
  readonly source: Pick<TableSource, 'noteClosed'>;
  readonly reader: BatchReader;
  readonly index: RecordIndex;
  readonly clock: Clock;
  /** Gives what finds keys during one run. */
  readonly openKeys: () => RecordKeyFinder;
  /** Gives that many random bytes. */
  readonly random: (length: number) => Uint8Array;
  /** Milliseconds after which an exchange without an end has none to come; 20 minutes unless told more. */
  readonly longestExchangeMs?: number | undefined;
}

interface Unended {
  readonly exchange: string;
  readonly request: PlacedEntry;
  readonly key: RecordKey;
}

/** Closes what has been open for too long, of the batches that stay for it; gives how many exchanges. */
export type CloseInterrupted = (open: readonly OpenBatch[]) => Promise<number>;

/**
 * Writes the response that a process could not, which ended before its exchange did. Each is written once, whoever else
 * does so at once: a transaction writes it together with a mark of the exchange. Call it when the index is up to the log.
 */
export function createInterruptedCloser(options: ClosingOptions): CloseInterrupted {
  const { table, source, reader, index, clock, openKeys, random } = options;
  const takeSalts = createSalts(random);
  const longestMs = Math.max(LONGEST_EXCHANGE_MS, options.longestExchangeMs ?? 0);

  /** The exchange's request and its key; undefined where nothing is to complete. */
  async function findUnended(
    { batch }: OpenBatch,
    exchange: string,
    findKey: RecordKeyFinder,
  ): Promise<Unended | undefined> {
    const id = toRequestId(Buffer.from(exchange, 'hex'));
    if ((await index.find(id)).some(({ type }) => type === 'response')) return undefined;
    const request = (await reader.read(batch))?.entries.find(
      ({ entry }) => entry.type === 'request' && entry.requestId === id,
    );
    if (request === undefined) {
      throw new JournalDamageError({ file: toBatchName(batch), offset: 0 }, 'it lacks a request that its index names');
    }
    const key = await findKey(request.entry.keyId);
    // Erased in the meantime: nobody can read the request, so there is nothing to complete.
    return key === undefined ? undefined : { exchange, request, key };
  }

  /** Closes exchanges of one tenant; gives how many of them another had not. */
  async function close(tenant: string, unended: readonly Unended[]): Promise<number> {
    if (unended.length === 0) return 0;
    const writer = random(8);
    const encode = createEncoder({ writer, takeSalts });
    const ending = { status: 'interrupted', findingCounts: {}, findings: [], bytesSent: 0 } as const;
    const entries = unended.map(({ request: { entry, leafHash }, key }) =>
      encode({ kind: 'response', requestId: entry.requestId, time: clock.now(), ...ending }, key, leafHash),
    );
    const batch = toBatch({ tenant, writer: Buffer.from(writer).toString('hex') }, entries);
    const known = await table.putClosing(
      batch,
      unended.map(({ exchange }) => exchange),
    );
    if (known.length === 0) return unended.length;
    return close(
      tenant,
      unended.filter(({ exchange }) => !known.includes(exchange)),
    );
  }

  return async (open) => {
    const findKey = openKeys();
    const before = clock.now() - longestMs;
    const tenants = new Map<string, Unended[]>();
    for (const stale of open.filter(({ batch }) => batch.time < before)) {
      for (const exchange of stale.exchanges) {
        const unended = await findUnended(stale, exchange, findKey);
        if (unended === undefined) {
          source.noteClosed(exchange);
          continue;
        }
        const known = tenants.get(stale.batch.tenant);
        if (known === undefined) tenants.set(stale.batch.tenant, [unended]);
        else known.push(unended);
      }
    }
    let count = 0;
    for (const [tenant, unended] of tenants) {
      for (let at = 0; at < unended.length; at += AT_ONCE)
        count += await close(tenant, unended.slice(at, at + AT_ONCE));
    }
    return count;
  };
}
