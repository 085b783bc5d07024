/**
 * What the disk object store asks of a disk. Paths are absolute. Every method rejects where the operating system reports
 * a fault, and may do so after its effect has landed.
 */
export interface ObjectDisk {
  /** Makes a directory and what is missing above it, for its owner alone, durable. */
  makeDirectory(directory: string): Promise<void>;
  /** Writes a new file whole and to stable storage; rejects where there is one. */
  write(file: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Gives a file a second name, durable; false where that name is taken. */
  link(file: string, name: string): Promise<boolean>;
  /** Renames a file over another, durable. */
  rename(file: string, name: string): Promise<void>;
  /** Removes a file, durable; nothing where there is none. */
  remove(file: string): Promise<void>;
  /** Undefined where there is no such file. Follows no symbolic link. */
  read(file: string): Promise<Uint8Array | undefined>;
  /** Names of a directory, ascending, those of directories with a slash behind; none where there is no such directory. */
  list(directory: string): Promise<readonly string[]>;
}
