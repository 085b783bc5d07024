/** An entry of the journal on its way into the log. Bytes alone: nothing on that way needs a key. */
export interface LogEntry {
  /** What the log's Merkle tree is over. At most 65,535 bytes. */
  readonly leaf: Uint8Array;
  /** The encrypted record, to whose SHA-256 the leaf commits. */
  readonly sealed: Uint8Array;
  /** Merkle leaf hash (RFC 9162, section 2.1.1). */
  readonly leafHash: Uint8Array;
}

/** Where a writer of the journal stands between two of its entries. */
export interface WriterPosition {
  /** The next entry's counter. */
  readonly counter: number;
  /** Merkle leaf hash of the last entry; 32 zero bytes before the first. */
  readonly previous: Uint8Array;
}

export interface ReadEntries {
  readonly entries: readonly LogEntry[];
  /** Whether the reading ended for its bound, and there may be more. */
  readonly hasMore: boolean;
  /**
   * Where the entries begin, where that is not at the counter that was asked for: what comes before is in the log, whose
   * head has forgotten the writer.
   */
  readonly start?: WriterPosition;
}

/**
 * The journal, as the sequencer reads it. Writers are named by 16 hexadecimal digits.
 *
 * Only what is durable is given. All methods may be called beside any number of writers, by one sequencer at a time
 * or by several that do not know of each other.
 */
export interface JournalSource {
  /** The writers of which it has entries that were not discarded, in no order. */
  writers(): Promise<readonly string[]>;
  /**
   * The writer's entries from `counter` on, in order and without a gap, as many as are durable and come to about
   * `maxBytes`, at least one if there is any; of what came since `writers` was last asked it may give none. Rejects where
   * the entry with that counter is gone while later ones are there.
   */
  read(writer: string, counter: number, maxBytes: number): Promise<ReadEntries>;
  /** Lets go of the writer's entries below `counter`: they are in the published log. May keep some of them, for a time. */
  discard(writer: string, counter: number): Promise<void>;
}

/** How an object of the log is kept. */
export interface ObjectKeeping {
  /** Kept under a retention lock where the store has one (full tiles, segments); else it may be removed at any time. */
  readonly isLocked: boolean;
}

/**
 * Objects of the log by path: lower-case words, digits, `.` and `-` between slashes, relative.
 *
 * All methods may be called at once, from any process; what `create` and `replace` resolved for is on stable storage,
 * whole, and visible to every reader; after a fault or a crash an object is there whole or not at all.
 */
export interface ObjectStore {
  /**
   * Creates an object that never changes. Resolves too where the same bytes are there already; rejects with a
   * `LogConflictError` where others are.
   */
  create(path: string, bytes: Uint8Array, keeping: ObjectKeeping): Promise<void>;
  /** Undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Paths that begin with `prefix`, which ends with a slash or is empty; ascending within what the store can say. */
  list(prefix: string): AsyncIterable<string>;
  /** Resolves too where there is none. Rejects with an `ObjectKeptError` where the store does not let it go. */
  remove(path: string): Promise<void>;
  /**
   * Writes an object that may change, where `accepts` takes what is there now; false where it does not. Of writers that
   * do so at once one comes after the other.
   */
  replace(path: string, bytes: Uint8Array, accepts: (current: Uint8Array | undefined) => boolean): Promise<boolean>;
}

/** There is something else where a part of the log was to be written once: the log has been forked or changed. */
export class LogConflictError extends Error {
  override readonly name = 'LogConflictError';
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`\`${path}\` is there already, with another content`, options);
    this.path = path;
  }
}

/** The store keeps what was to be removed: it is locked, or whoever asked may not. The cause is the store's own error. */
export class ObjectKeptError extends Error {
  override readonly name = 'ObjectKeptError';

  constructor(path: string, options?: ErrorOptions) {
    super(`\`${path}\` is locked, or may not be removed`, options);
  }
}

/** An Ed25519 key (RFC 8032) that signs in the name `name`. The key may be held elsewhere. */
export interface LogSigner {
  /** A key name as signed notes have it: no spaces, no plus sign. */
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes, over the message as it is. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A place in another trust domain that keeps checkpoints, so that a log rewritten as a whole shows. */
export interface CheckpointSink {
  /** For the operator: which one it is. */
  readonly name: string;
  /** Keeps a signed checkpoint for a log of `size`. Resolves once it is kept; keeping it again is no fault. */
  publish(checkpoint: string, size: number): Promise<void>;
}
