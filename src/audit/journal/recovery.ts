import { join } from 'node:path';
import type { RequestId } from '../../core/index.ts';
import type { JournalDisk } from './disk.ts';
import { sealFile } from './file-series.ts';
import { readFrame } from './frame.ts';
import { type ChainPosition, type OpenExchange, type OpenExchanges, SEAL_FRAME_BYTES } from './journal-file.ts';
import { scanFile } from './scan.ts';
import { forEachSeries, type Series, writerOf } from './series.ts';

/** The end of a file that was cut off, or broken in its last write, and has been taken off. */
export interface Repair {
  /** The file's name within the journal directory. */
  readonly file: string;
  /** Where the file now ends; 0 where it had not even a beginning and was removed. */
  readonly offset: number;
  /** What was taken off, in bytes. It is kept in a file beside it whose name ends in `.torn`. */
  readonly bytes: number;
}

export interface Recovery {
  /** Exchanges of earlier writers that have no response. */
  readonly open: OpenExchanges;
  readonly repairs: readonly Repair[];
  /** Ends the earlier writers' files, so that no later start reads them. Call it once `open` is closed, durably. */
  seal(): Promise<void>;
}

interface RecoveryOptions {
  readonly disk: JournalDisk;
  readonly directory: string;
  /** Names what is taken off; new at each start. */
  readonly name: string;
  /** Whether a writer is at work: its files are its own. */
  readonly isLive: (writer: string) => boolean;
}

interface Unsealed {
  readonly path: string;
  readonly position: ChainPosition;
  readonly end: number;
}

/**
 * Repairs the ends of earlier writers' files and finds the exchanges they left open.
 *
 * Reads only each writer's last file, and that only if it is not sealed: a gateway that was shut down in order starts
 * at once, however long its journal is. Throws `JournalDamageError` where a file is broken anywhere but at its end.
 * Writers that are at work are passed over.
 */
export async function recoverJournal(options: RecoveryOptions): Promise<Recovery> {
  const { disk, directory, isLive } = options;
  const open = new Map<RequestId, OpenExchange>();
  const closed = new Set<RequestId>();
  const repairs: Repair[] = [];
  const unsealed: Unsealed[] = [];

  async function recover(series: Series): Promise<void> {
    const file = series.at(-1);
    if (file === undefined) return;
    const path = join(directory, file);
    if (await isSealed(disk, path)) return;
    const bytes = await disk.read(path);
    const scanned = scanFile(file, bytes, ({ entry: { type, requestId, keyId }, leafHash }) => {
      if (type === 'request') open.set(requestId, { keyId: Buffer.from(keyId), leafHash });
      if (type === 'response') closed.add(requestId);
    });
    const end = scanned?.end ?? 0;
    if (end < bytes.length) {
      await takeOff(options, { path, bytes, end });
      repairs.push({ file, offset: end, bytes: bytes.length - end });
    }
    if (scanned === undefined) {
      await disk.remove(path);
      await recover(series.slice(0, -1));
      return;
    }
    for (const [requestId, exchange] of scanned.head.open) open.set(requestId, exchange);
    if (!scanned.sealed) unsealed.push({ path, position: scanned.position, end });
  }

  for (const name of await disk.list(directory)) {
    if (/\.(journal|torn)\.new$/.test(name) && !isLive(writerOf([name]))) await disk.remove(join(directory, name));
  }
  await forEachSeries(disk, directory, async (series) => {
    if (!isLive(writerOf(series))) await recover(series);
  });
  for (const requestId of closed) open.delete(requestId);
  return { open, repairs, seal: () => sealAll(disk, unsealed) };
}

async function isSealed(disk: JournalDisk, path: string): Promise<boolean> {
  return readFrame(await disk.readEnd(path, SEAL_FRAME_BYTES), 0).kind === 'seal';
}

/** Cuts a file, after what is cut off is kept: should it be damage after all, it is evidence. */
async function takeOff(
  { disk, name }: RecoveryOptions,
  { path, bytes, end }: { readonly path: string; readonly bytes: Buffer; readonly end: number },
): Promise<void> {
  const kept = await disk.create(`${path}.${name}.torn`, bytes.subarray(end));
  await kept.close();
  await disk.truncate(path, end);
}

async function sealAll(disk: JournalDisk, unsealed: readonly Unsealed[]): Promise<void> {
  for (const { path, position, end } of unsealed) {
    const file = await disk.open(path);
    try {
      await sealFile(file, position, end);
    } finally {
      await file.close();
    }
  }
}
