import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Disk } from './disk.ts';

/** What a run was done on, in one paragraph of Markdown. */
export function describeMachine(disk: Disk): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GiB of memory, ${type()} ` +
    `${release()} ${arch()}, Node ${process.versions.node}. Records lie on ${disk.type} (${disk.device}), where ` +
    `making 4.5 KB durable takes ${disk.syncMs.toFixed(2)} ms (median). Load generator, targets and upstream share ` +
    'the machine; all traffic is HTTP/1.1 over loopback.'
  );
}
