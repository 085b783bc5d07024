import type { Appended, GatewayError, JournalRecord, RequestId } from '../../core/index.ts';
import type { Encoder } from '../journal/encoder.ts';
import type { FramedEntry } from '../journal/file-series.ts';
import { createGroupCommit } from '../journal/group-commit.ts';
import { START_OF_CHAIN } from '../journal/journal-file.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { sha256 } from '../record/leaf.ts';
import type { RecordKey } from '../record/record-keys.ts';
import { toIdBytes } from '../record/sealed-record.ts';
import { type JournalBatch, toLargeEntryPath } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';

/** Bytes of frames in an item. DynamoDB takes 400 KB, with all names; ids take the rest, 16 bytes for each of them. */
const ITEM_BYTES = 350 * 1024;

/** One writer's entries of one tenant, each batch of them put only once the one before it is durable. */
export interface Chain {
  append(record: JournalRecord, key: RecordKey): Promise<Appended>;
  /** Set by the first batch that was not written, which ends the chain. */
  readonly failure: GatewayError | undefined;
  /** Bytes that are not yet durable. */
  readonly pendingBytes: number;
  settled(): Promise<void>;
}

interface ChainOptions {
  readonly tenant: string;
  /** 16 hexadecimal digits. */
  readonly writer: string;
  readonly encode: Encoder;
  readonly table: Pick<JournalTable, 'put'>;
  /** Where entries go that are too large for an item. */
  readonly large: Pick<ObjectStore, 'create'>;
}

export function createChain({ tenant, writer, encode, table, large }: ChainOptions): Chain {
  async function put(entries: readonly FramedEntry[]): Promise<void> {
    const batch = toBatch({ tenant, writer }, entries);
    if (batch.bytes <= ITEM_BYTES) return table.put(batch);
    await large.create(toLargeEntryPath(batch), batch.frames, { isLocked: false });
    await table.put({ ...batch, elsewhere: sha256(batch.frames), frames: new Uint8Array() });
  }

  const commits = createGroupCommit<FramedEntry>({
    sizeOf: ({ frame }) => frame.length,
    async commit(entries) {
      for (const part of toParts(entries)) await put(part);
    },
  });

  return {
    append(record, key) {
      const entry = encode(record, key);
      return commits.add(entry).then(() => entry);
    },
    get failure() {
      return commits.failure;
    },
    get pendingBytes() {
      return commits.pendingBytes;
    },
    settled: commits.settled,
  };
}

/** Entries in their order, as many together as an item takes; one that is too large for any is alone. */
function toParts(entries: readonly FramedEntry[]): readonly (readonly FramedEntry[])[] {
  const parts: FramedEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    bytes += entry.frame.length;
    if (bytes > ITEM_BYTES) {
      parts.push([]);
      bytes = entry.frame.length;
    }
    parts.at(-1)?.push(entry);
  }
  return parts;
}

/** The batch of entries that follow each other, with the exchanges that are open at its beginning or its end. */
export function toBatch(
  chain: { readonly tenant: string; readonly writer: string },
  entries: readonly FramedEntry[],
): JournalBatch {
  const frames = Buffer.concat(entries.map(({ frame }) => frame));
  const opened = new Set<RequestId>();
  const closed = new Set<RequestId>();
  let last: Uint8Array = START_OF_CHAIN.previous;
  let next = 0;
  let latest = 0;
  for (const { type, requestId, time, counter, leafHash } of entries) {
    if (type === 'request') opened.add(requestId);
    if (type === 'response' && !opened.delete(requestId)) closed.add(requestId);
    last = leafHash;
    next = counter + 1;
    latest = Math.max(latest, time);
  }
  return {
    ...chain,
    first: next - entries.length,
    count: entries.length,
    bytes: frames.length,
    time: latest,
    opened: [...opened].map(toHex),
    closed: [...closed].map(toHex),
    frames,
    last,
  };
}

/** A request's id as batches name it. */
function toHex(id: RequestId): string {
  return Buffer.from(toIdBytes(id)).toString('hex');
}
