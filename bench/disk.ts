import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from './installed.ts';
import { percentile } from './statistics.ts';

export interface Disk {
  /** The file system's type, such as `ext4`. */
  readonly type: string;
  readonly device: string;
  /** Median milliseconds of making 4.5 KB durable, one write after the other. */
  readonly syncMs: number;
}

const WRITES = 100;
const WRITE_BYTES = 4_608;

/** Makes the directory of a run, beside what is installed: memory that passes for a disk would make records free. */
export function createRunDirectory(): string {
  mkdirSync(installed, { recursive: true });
  return mkdtempSync(join(installed, 'run-'));
}

/** What a directory lies on. Throws where it is memory. */
export function readDisk(directory: string): Disk {
  const { type, device } = findMount(directory, readFileSync('/proc/self/mounts', 'utf8'));
  if (type === 'tmpfs' || type === 'ramfs') throw new Error(`${directory} lies in memory (${type}), not on a disk`);
  return { type, device, syncMs: measureSync(directory) };
}

/** The mount a path lies on: the longest mount point above it, the last one where several are stacked there. */
export function findMount(path: string, mounts: string): { readonly type: string; readonly device: string } {
  let found = { type: 'unknown', device: 'unknown', depth: -1 };
  for (const line of mounts.split('\n')) {
    const [device = '', point = '', type = ''] = line.split(' ');
    const prefix = point.endsWith('/') ? point : `${point}/`;
    if (point === '') continue;
    if (`${path}/`.startsWith(prefix) && prefix.length >= found.depth) found = { type, device, depth: prefix.length };
  }
  return { type: found.type, device: found.device };
}

function measureSync(directory: string): number {
  const file = join(directory, 'sync.probe');
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(WRITE_BYTES, 1);
  const times = Array.from({ length: WRITES }, () => {
    const started = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    return performance.now() - started;
  });
  closeSync(descriptor);
  rmSync(file);
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  );
}
