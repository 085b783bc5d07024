/**
 * A journal file that is not what a writer left: bytes changed, missing, or out of their chain. For the operator;
 * callers of the gateway never see it.
 */
export class JournalDamageError extends Error {
  override readonly name = 'JournalDamageError';
  /** The file's name within the journal directory. */
  readonly file: string;
  /** Bytes from the file's beginning. */
  readonly offset: number;

  constructor(place: { readonly file: string; readonly offset: number }, what: string, cause?: unknown) {
    super(`the journal file \`${place.file}\` is damaged at byte ${place.offset}: ${what}`, { cause });
    this.file = place.file;
    this.offset = place.offset;
  }
}

/** The key of a record is not there, and nothing says that it was destroyed. */
export class RecordKeyLostError extends Error {
  override readonly name = 'RecordKeyLostError';

  constructor() {
    super('the key of this record is not in the state, which was lost or put back from before the record was made');
  }
}

/** The key of a record was destroyed, and the record with it: that is what erasure means. */
export class RecordErasedError extends Error {
  override readonly name = 'RecordErasedError';

  constructor() {
    super('the key of this record has been destroyed, so it can no longer be read');
  }
}
