/**
 * What the disk object store asks of a disk. Paths are absolute. Every method rejects where the operating system reports
 * a fault, and may do so after its effect has landed. Durable is what is on stable storage once the method resolves.
 */
export interface ObjectDisk {
  /**
   * Makes a directory and what is missing above it, for its owner alone. Durable too where the directory was there:
   * whoever made it may not have come so far.
   */
  makeDirectory(directory: string): Promise<void>;
  /** Whether there is a file or directory at `path` below `root`. Rejects where a symbolic link is on the way there. */
  isBelow(root: string, path: string): Promise<boolean>;
  /** Writes a new file, whole and durable but for its name; rejects where there is one. */
  write(file: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Gives a file a second name; false where that name is taken. Durable in either case. */
  link(file: string, name: string): Promise<boolean>;
  /** Renames a file over another, durable. */
  rename(file: string, name: string): Promise<void>;
  /** Makes durable which files a directory has. */
  sync(directory: string): Promise<void>;
  /** Removes a file, durable; nothing where there is none. */
  remove(file: string): Promise<void>;
  /** Removes a file that nobody reads; it may be back after a crash. */
  discard(file: string): Promise<void>;
  /** Undefined where there is no such file. Rejects for a symbolic link. */
  read(file: string): Promise<Uint8Array | undefined>;
  /** Names of a directory, ascending, those of directories with a slash behind; none where there is no such directory. */
  list(directory: string): Promise<readonly string[]>;
  /** When a file was written last, in epoch milliseconds; undefined where there is none. */
  modifiedAt(file: string): Promise<number | undefined>;
}
