import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/index.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import type { CheckpointSink } from '../log/contracts.ts';
import { noteText } from '../log/signed-note.ts';
import type { KeptCheckpoint } from '../verify/kept-checkpoints.ts';

interface FileSinkOptions {
  readonly name: string;
  /**
   * On storage that who holds the log cannot write to otherwise. Never made here: where its mount is missing, that would
   * be on the gateway's own disk.
   */
  readonly directory: string;
  readonly clock: Clock;
}

const SUFFIX = '.checkpoint';

/**
 * Keeps checkpoints in a directory, the last of each hour in a file of its own (`2026-01-31T09.checkpoint`, in UTC): on
 * storage that keeps what is written to it, a log rewritten later shows against every hour before. `publish` rejects
 * where the directory is not there.
 */
export function createFileSink({ name, directory, clock }: FileSinkOptions): CheckpointSink {
  return {
    name,
    async publish(checkpoint, size) {
      const file = join(directory, `${new Date(clock.now()).toISOString().slice(0, 13)}${SUFFIX}`);
      // Of two gateways that tell it at once, the one that was overtaken must not have the last word.
      if ((await sizeOf(file)) >= size) return;
      const unfinished = `${file}.${randomBytes(6).toString('hex')}.new`;
      const handle = await open(unfinished, 'wx', 0o600);
      try {
        await handle.writeFile(checkpoint);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    },
  };
}

/** The checkpoints that a file sink has kept, oldest first. */
export async function readFileSink(directory: string): Promise<readonly KeptCheckpoint[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(SUFFIX)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const source = join(directory, name);
      return { source, note: await readFile(source, 'utf8') };
    }),
  );
}

/** The size of a kept checkpoint; -1 where there is none that can be read. */
async function sizeOf(file: string): Promise<number> {
  try {
    return parseCheckpoint(noteText(await readFile(file, 'utf8'))).size;
  } catch {
    return -1;
  }
}
