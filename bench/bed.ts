import { rmSync } from 'node:fs';
import { removeAtExit } from './at-exit.ts';
import { createRunDirectory, type Disk, readDisk } from './disk.ts';
import type { TargetContext } from './targets/target.ts';
import { startLoad, startUpstream, type Upstream, type Worker } from './worker.ts';

/** What every bench stands on: an upstream, a load generator, a disk. */
export interface Bed extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly load: Worker;
  readonly disk: Disk;
  readonly context: TargetContext;
}

export async function prepareBed(load: Parameters<typeof startLoad>[0] = 'load.ts'): Promise<Bed> {
  const directory = removeAtExit(createRunDirectory());
  await using closing = new AsyncDisposableStack();
  closing.defer(() => rmSync(directory, { recursive: true, force: true }));
  const disk = readDisk(directory);
  const upstream = closing.use(await startUpstream());
  const worker = closing.use(startLoad(load));
  const open = closing.move();
  return {
    upstream,
    load: worker,
    disk,
    context: { upstream: `http://127.0.0.1:${upstream.port}`, upstreamPid: upstream.pid, directory },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Tells whoever waits; rows and reports go to standard output, this does not. */
export function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
