import type { HeadStore } from '../../core/index.ts';
import { type Batch, createBatcher, type Gathered } from './batch.ts';
import type { CheckpointSink, JournalSource, LogEntry, LogSigner, ObjectStore } from './contracts.ts';
import { EMPTY_HEAD, type LogHead, parseLogHead, toHeadBytes } from './log-head.ts';
import { rootOf } from './merkle.ts';
import { rootOfTiles } from './proof.ts';
import { CHECKPOINT_PATH, parsePublished } from './published-checkpoint.ts';
import { createPublisher, type Witnessing } from './publisher.ts';
import { parseStagedBatch, type StagedBatch } from './staging.ts';

export interface SequencerOptions {
  readonly source: JournalSource;
  readonly heads: HeadStore;
  /** Where the log is. */
  readonly objects: ObjectStore;
  /** Where batches are staged; may be the same store. */
  readonly staging: ObjectStore;
  readonly signer: LogSigner;
  readonly sinks: readonly CheckpointSink[];
  /** None unless told. */
  readonly witnesses?: Witnessing;
  /** About how many bytes of records a batch takes in; 4 MiB unless told. */
  readonly batchBytes?: number;
}

/** What a round came to. */
export interface Sequenced {
  /** Entries in the published log. */
  readonly size: number;
  /** Entries that this round added. */
  readonly added: number;
  /** Time of the oldest request that it added, epoch milliseconds; infinite or undefined where it added none. */
  readonly oldestRequest?: number;
  /** Whether the round ended before the journal did: the next should not wait. */
  readonly hasMore: boolean;
  /** How far writers of the journal are in the published log. */
  readonly writers: LogHead['writers'];
  /** Sinks that did not take the checkpoint, and why; they are asked again in the next round. */
  readonly sinkFaults: readonly SinkFault[];
}

export interface SinkFault {
  readonly sink: string;
  readonly cause: unknown;
}

/**
 * Turns what the journal has into the log. Any number may run at once: one of them wins each head, and what it staged
 * is published by it or by whoever comes next.
 */
export interface Sequencer {
  /** Takes a batch from the journal, if there is any, and publishes it. Rounds of one sequencer come one after another. */
  run(): Promise<Sequenced>;
}

/**
 * The head is not that of the published log: the state was put back from a backup or lost, or the log was. Going on from
 * it would write another log over the one that others have checkpoints of.
 */
class StaleHeadError extends Error {
  override readonly name = 'StaleHeadError';
}

const BATCH_BYTES = 4 * 1024 * 1024;
const NO_WITNESSES: Witnessing = { witnesses: [], required: 0 };

interface Making {
  readonly batch: Batch | undefined;
  /** Whether the journal may have more than the batch takes. */
  readonly isFull: boolean;
}

interface Gathering {
  readonly entries: Gathered;
  readonly isFull: boolean;
  /** Writers that the journal still has something of. */
  readonly listed: readonly string[];
  /** With the writers that it had forgotten. */
  readonly head: LogHead;
}

interface ReadHead {
  readonly head: LogHead;
  readonly bytes: Uint8Array | undefined;
}

export function createSequencer(options: SequencerOptions): Sequencer {
  const { source, heads, objects, staging, signer, sinks, batchBytes = BATCH_BYTES } = options;
  const { witnesses = NO_WITNESSES } = options;
  const nextBatch = createBatcher({ objects, signer });
  const publisher = createPublisher({ objects, signer, sinks, witnesses });
  /** The last batch that is known to be published, so that its staging is not looked for again. */
  let published = '';

  async function readHead(): Promise<ReadHead> {
    const bytes = await heads.read();
    return { bytes, head: bytes === undefined ? EMPTY_HEAD : parseLogHead(bytes) };
  }

  /** Publishes what the head's sequencer staged, if that did not get as far itself. */
  async function replay(head: LogHead): Promise<void> {
    if (head.staged === '' || head.staged === published) return;
    const bytes = await staging.read(head.staged);
    if (bytes !== undefined) await publish(head, { name: head.staged, bytes });
    published = head.staged;
  }

  /** Gone only once all of it is published: until then a successor needs it. */
  async function publish(head: LogHead, staged: StagedBatch): Promise<void> {
    await publisher.publish(parseStagedBatch(staged), head);
    await staging.remove(staged.name);
    published = staged.name;
    for (const [writer, { counter }] of head.writers) await source.discard(writer, counter);
  }

  /** Whether the head is now `next`, also where the store's reply was lost. */
  async function swap(old: Uint8Array | undefined, next: Uint8Array): Promise<boolean> {
    try {
      return await heads.replace(old, next);
    } catch (error) {
      const now = await heads.read();
      if (isSame(now, next)) return true;
      if (isSame(now, old)) throw error;
      return false;
    }
  }

  /** The journal's entries behind the head, from each writer in turn, up to about `batchBytes`. */
  async function gather(head: LogHead): Promise<Gathering> {
    const gathered = new Map<string, readonly LogEntry[]>();
    const writers = new Map(head.writers);
    const listed = await source.writers();
    let left = batchBytes;
    let isFull = false;
    for (const writer of listed) {
      isFull ||= left <= 0;
      if (left <= 0) break;
      const { entries, hasMore, start } = await source.read(writer, writers.get(writer)?.counter ?? 0, left);
      if (start !== undefined) writers.set(writer, start);
      if (entries.length > 0) gathered.set(writer, entries);
      for (const { sealed } of entries) left -= sealed.length;
      isFull ||= hasMore;
    }
    return { entries: gathered, isFull, listed, head: { ...head, writers } };
  }

  /** Rejects where what is published is not the log that the head is of, or its checkpoint not as it was signed. */
  async function checkPublished(head: LogHead): Promise<void> {
    const { size, frontier } = head;
    const note = await objects.read(CHECKPOINT_PATH);
    if (note === undefined && size === 0) return;
    if (note === undefined) throw new StaleHeadError(`the head has ${size} entries, and the log no checkpoint`);
    const log = parsePublished(note, signer);
    const root = rootOf(frontier);
    if (log.size === size && isSame(log.root, root)) return;
    // Whoever was overtaken while it replaced the checkpoint put an older one back: the log itself is as far as the head.
    const isBehind = log.size < size && isSame(await rootOfPublished(log.size), log.root);
    if (isBehind && isSame(await rootOfPublished(size), root)) return publisher.publish([], head);
    throw new StaleHeadError(`the head has ${size} entries, and the log ${log.size}`);
  }

  /** The root that the published tiles come to at a size; undefined where they are not there. */
  function rootOfPublished(size: number): Promise<Uint8Array | undefined> {
    return rootOfTiles((path) => objects.read(path), size).catch(() => undefined);
  }

  /** The next batch, undefined where there is nothing to make it of; or that another went on, and took things away. */
  async function makeBatch({ head, bytes }: ReadHead): Promise<Making | 'overtaken'> {
    try {
      const { entries, isFull, listed, head: known } = await gather(head);
      if (entries.size === 0) return { batch: undefined, isFull };
      await checkPublished(head);
      return { batch: await nextBatch(known, entries, listed), isFull };
    } catch (error) {
      if (!isSame(await heads.read(), bytes)) return 'overtaken';
      // What a head from another time lacks of the journal is no damage to it.
      await checkPublished(head);
      throw error;
    }
  }

  /** Stages a batch and offers its head. False where another sequencer was first; then nothing is left of it. */
  async function offer({ bytes }: ReadHead, batch: Batch): Promise<boolean> {
    await staging.create(batch.staged.name, batch.staged.bytes, { isLocked: false });
    const isWon = await swap(bytes, toHeadBytes(batch.head));
    if (isWon) return true;
    // Of the same entries another makes the same batch under the same name. Where it was first, that is its to remove:
    // until it is published, whoever comes next needs it.
    const { head } = await readHead();
    if (head.staged !== batch.staged.name) await staging.remove(batch.staged.name);
    return false;
  }

  return {
    async run() {
      const read = await readHead();
      await replay(read.head);
      const making = await makeBatch(read);
      const unchanged = { size: read.head.size, added: 0, writers: read.head.writers };
      if (making === 'overtaken') return { ...unchanged, hasMore: true, sinkFaults: [] };
      const { batch, isFull } = making;
      if (batch === undefined) {
        return { ...unchanged, hasMore: false, sinkFaults: await publisher.inform(read.head) };
      }
      if (!(await offer(read, batch))) return { ...unchanged, hasMore: true, sinkFaults: [] };
      await publish(batch.head, batch.staged);
      const { size } = batch.head;
      const { oldestRequest } = batch;
      return {
        size,
        added: size - unchanged.size,
        oldestRequest,
        hasMore: isFull,
        writers: batch.head.writers,
        sinkFaults: await publisher.inform(batch.head),
      };
    },
  };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}
