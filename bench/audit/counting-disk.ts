import type { AppendFile, JournalDisk } from '../../src/audit/journal/disk.ts';
import { localDisk } from '../../src/audit/journal/disk-store.ts';

/** What was written, in writes that were each made durable. */
export interface Commits {
  /** Bytes of each, in order. */
  readonly sizes: readonly number[];
  clear(): void;
}

/** The local disk, counting what is appended: the floor is to write the same bytes in the same groups. */
export function createCountingDisk(): { readonly disk: JournalDisk; readonly commits: Commits } {
  const sizes: number[] = [];
  const counted = (file: AppendFile): AppendFile => ({
    append(bytes) {
      sizes.push(bytes.length);
      return file.append(bytes);
    },
    close: () => file.close(),
  });
  return {
    commits: {
      sizes,
      clear() {
        sizes.length = 0;
      },
    },
    disk: {
      ...localDisk,
      create: async (file, bytes) => counted(await localDisk.create(file, bytes)),
      open: async (file) => counted(await localDisk.open(file)),
    },
  };
}
