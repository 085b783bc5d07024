import { join } from 'node:path';
import type { JournalRecord, RequestId } from '../../core/index.ts';
import type { AppendFile, JournalDisk } from './disk.ts';
import {
  type ChainPosition,
  type OpenExchange,
  START_OF_CHAIN,
  toFileName,
  toFileStart,
  toMark,
  toSeal,
} from './journal-file.ts';

/** An entry as it will stand in a file. */
export interface FramedEntry {
  readonly type: JournalRecord['kind'];
  readonly requestId: RequestId;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly keyId: Uint8Array;
  readonly counter: number;
  readonly frame: Uint8Array;
  /** Merkle leaf hash. */
  readonly leafHash: Uint8Array;
}

/** The files of one writer. One call at a time; a series is not used again after a call that rejected. */
export interface FileSeries {
  /** Appends entries in one write; durable once it resolves. */
  append(entries: readonly FramedEntry[]): Promise<void>;
  /** Closes the last file, and seals it where no exchange is open. */
  close(): Promise<void>;
  /** Closes the last file as it is. The one call that may follow a rejection. */
  abandon(): Promise<void>;
}

interface FileSeriesOptions {
  readonly disk: JournalDisk;
  readonly directory: string;
  readonly writer: Uint8Array;
  /** A file at least this long is followed by a new one. */
  readonly fileBytes: number;
}

interface CurrentFile {
  readonly file: AppendFile;
  readonly sequence: number;
  size: number;
}

/** Creates a writer's first file. */
export async function createFileSeries(options: FileSeriesOptions): Promise<FileSeries> {
  const { disk, directory, writer, fileBytes } = options;
  const open = new Map<RequestId, OpenExchange>();
  let position: ChainPosition = START_OF_CHAIN;
  let current = await begin(0);

  async function begin(sequence: number): Promise<CurrentFile> {
    const start = toFileStart({ writer, sequence, ...position, open });
    const file = await disk.create(join(directory, toFileName(writer, sequence)), start);
    return { file, sequence, size: start.length };
  }

  return {
    async append(entries) {
      if (current.size >= fileBytes) {
        await current.file.close();
        current = await begin(current.sequence + 1);
      }
      const mark = toMark(position.counter, current.size);
      // In one piece: the kernel takes one buffer in a fraction of the time it takes to be told of a hundred.
      current.size += await appendWhole(current.file, Buffer.concat([mark, ...entries.map(({ frame }) => frame)]));
      for (const { type, requestId, keyId, counter, leafHash } of entries) {
        position = { counter: counter + 1, previous: leafHash };
        if (type === 'request') open.set(requestId, { keyId, leafHash });
        if (type === 'response') open.delete(requestId);
      }
    },
    async close() {
      if (open.size === 0) await sealFile(current.file, position, current.size);
      await current.file.close();
    },
    abandon: () => current.file.close(),
  };
}

/** Ends a file in which no exchange is left open; `size` is its length. */
export async function sealFile(file: AppendFile, position: ChainPosition, size: number): Promise<void> {
  await appendWhole(file, Buffer.concat([toMark(position.counter, size), toSeal(position)]));
}

/** Gives the number of bytes. A short write rejects: the rest would follow a hole in the record. */
async function appendWhole(file: AppendFile, bytes: Uint8Array): Promise<number> {
  if ((await file.append(bytes)) !== bytes.length) throw new Error('the disk took only a part of a write');
  return bytes.length;
}
