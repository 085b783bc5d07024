import type { RequestId } from './ids.ts';

/**
 * Where the log's head is kept: the one thing that decides which of two sequencers goes on. Opaque bytes, up to 300 KB.
 *
 * All methods may be called at once, from any process; `replace` is a compare-and-swap on the whole content, durable
 * once it resolves; false where another content is there. It may also reject after the write has landed (a lost reply):
 * the sequencer reads the head again before it goes on.
 */
export interface HeadStore {
  read(): Promise<Uint8Array | undefined>;
  /** `old` is what `read` gave; undefined: there must be none. */
  replace(old: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
}

/** What is kept of a record without its content, to find it by. */
export interface IndexedRecord {
  /** Its place in the log. */
  readonly index: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly type: string;
  readonly requestId: RequestId;
  readonly tenant: string;
  readonly principal: string;
  /** Absent of what is no exchange. */
  readonly model?: string;
  readonly action?: string;
  /** Of a request what the stages decided; of a response its status; of an act which one. */
  readonly decision?: string;
  /** Types of finding, ascending. */
  readonly findings: readonly string[];
  /** Path of the segment that holds the record. */
  readonly segment: string;
}

/** What to list. All that are given must hold. */
export interface RecordQuery {
  readonly tenant?: string;
  readonly principal?: string;
  readonly model?: string;
  readonly type?: string;
  readonly decision?: string;
  readonly finding?: string;
  /** Epoch milliseconds: from, inclusive, and until, exclusive. */
  readonly from?: number;
  readonly until?: number;
  /** Records below this place in the log alone: the cursor of the page before. */
  readonly below?: number;
  /** At most this many, the newest first; from 1 to 1,000, or `list` rejects with a `RangeError`. */
  readonly limit: number;
}

/**
 * The content-free index of the log, made from it and made again from it at any time. All methods may be called at once,
 * from any process; a write is durable once it resolves.
 */
export interface RecordIndex {
  /** How much of the log it covers: the place of the first record that is not in it. */
  position(): Promise<number>;
  /**
   * Adds records that stand at `from` and behind it, below `until`; then `position` is `until`. False, and nothing is
   * added, where `position` was not `from`.
   */
  add(records: readonly IndexedRecord[], from: number, until: number): Promise<boolean>;
  list(query: RecordQuery): Promise<readonly IndexedRecord[]>;
  /** All records of a request, ascending. */
  find(requestId: RequestId): Promise<readonly IndexedRecord[]>;
  /**
   * Takes out what stands at `places` and adds the records, which stand at some of them. False, and nothing is changed,
   * where not all of them are below `position`.
   */
  replace(records: readonly IndexedRecord[], places: readonly number[]): Promise<boolean>;
  /** Takes out what stands at `size` and behind it; then `position` is no more than that. */
  cut(size: number): Promise<void>;
  /** Takes out the records of an erasure subject, or of a whole tenant. */
  forget(tenant: string, principal?: string): Promise<void>;
  /** Segments of a tenant whose records are all older than `before` (epoch milliseconds), none of them of `held` subjects. */
  expired(tenant: string, before: number, held: readonly string[]): Promise<readonly string[]>;
  /** Takes out the records of a segment. */
  forgetSegment(segment: string): Promise<void>;
}

/** What may not be erased or removed: all of a tenant, or one erasure subject of it. */
export interface LegalHold {
  readonly tenant: string;
  /** Absent: every subject of the tenant. */
  readonly subject?: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Where legal holds are kept. A write is durable once it resolves, and visible to every process at once. */
export interface HoldStore {
  list(): Promise<readonly LegalHold[]>;
  /** Nothing where there is such a hold already: it keeps its beginning. */
  place(hold: LegalHold): Promise<void>;
  /** False where there is no such hold. */
  lift(hold: Pick<LegalHold, 'tenant' | 'subject'>): Promise<boolean>;
}
