/**
 * What the journal asks of a disk. Paths are absolute; one process at a time writes to a directory, any number read.
 *
 * Every method rejects where the operating system reports a fault, and may do so after its effect has landed.
 */
export interface JournalDisk {
  /** Makes the directory, for its owner alone, durable with its parents. */
  prepare(directory: string): Promise<void>;
  /** Names in the directory, in no order; none where it does not exist. */
  list(directory: string): Promise<readonly string[]>;
  read(file: string): Promise<Buffer>;
  /** The last `length` bytes of a file, or fewer where it is shorter. */
  readEnd(file: string, length: number): Promise<Buffer>;
  /**
   * At most `length` bytes of a file from `offset` on, fewer where it ends before. What it gives is on stable storage,
   * also where another process has only just written it.
   */
  readDurable(file: string, offset: number, length: number): Promise<Buffer>;
  /** Creates a file that begins with `bytes`, durable whole or not there at all, open for appending. */
  create(file: string, bytes: Uint8Array): Promise<AppendFile>;
  /** Opens an existing file for appending. */
  open(file: string): Promise<AppendFile>;
  /** Cuts a file to `length`, durable once it resolves. */
  truncate(file: string, length: number): Promise<void>;
  /** Removes a file, durable once it resolves. */
  remove(file: string): Promise<void>;
}

export interface AppendFile {
  /**
   * Resolves once what was taken is on stable storage, to the number of bytes: less than was given where the disk ran
   * full. `bytes` are not to change until then.
   */
  append(bytes: Uint8Array): Promise<number>;
  close(): Promise<void>;
}
