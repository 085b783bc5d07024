import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One process as `/proc/<pid>/stat` shows it (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** CPU ticks of its own and of its children that were waited for. */
  readonly ticks: number;
  readonly residentPages: number;
}

/** CPU time of a window, all in microseconds. */
export interface CpuSample {
  readonly wallMicros: number;
  /** Everything the machine did that was not idle, stolen time included. */
  readonly machineMicros: number;
  readonly treeMicros: ReadonlyMap<number, number>;
}

/** Microseconds in a tick: the kernel shows user space 100 a second on every architecture Node runs on. */
const TICK_MICROS = 10_000;
const PAGE_BYTES = 4_096;

/** Reads one line of `/proc/<pid>/stat`. The name stands in parentheses and may itself hold spaces and parentheses. */
export function parseProcessStat(line: string): ProcessStat {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // From the third field on: state, ppid at 1, utime to cstime at 11 to 14, rss at 21.
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  return { pid: Number.parseInt(line, 10), parent: fields[1] ?? 0, ticks, residentPages: fields[21] ?? 0 };
}

/** Busy ticks of the whole machine from the text of `/proc/stat`: all but idle and iowait. Guest time is in user time. */
export function parseBusyTicks(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = text
    .slice(0, text.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** A process and all that descend from it. */
export function treeOf(root: number, processes: readonly ProcessStat[]): readonly ProcessStat[] {
  const members = processes.filter(({ pid }) => pid === root);
  for (let index = 0; index < members.length; index += 1) {
    members.push(...processes.filter(({ parent }) => parent === members[index]?.pid));
  }
  return members;
}

/** A process and all that descend from it now, the elder first. */
export function readTree(root: number): readonly ProcessStat[] {
  return treeOf(root, readProcesses());
}

/** The most that a process has had in memory, in MiB (proc_pid_status(5)). `NaN` where it is gone. */
export function readPeakMiB(pid: number): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** Every process that can be seen now. */
function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        // It ended between the listing and the reading; its parent's ticks have its own.
        return [];
      }
    });
}

/** What a tree of processes has had of the CPU, told in two ways. */
export interface CpuUse {
  readonly processes: number;
  /** Whole ticks, in microseconds: coarse, but nothing that ended is missing. */
  readonly tickMicros: number;
  /** Its living threads' own time, in microseconds: exact, but what ended is gone. */
  readonly threadMicros: number;
}

interface CpuReading {
  readonly wallMicros: number;
  readonly machineMicros: number;
  readonly uses: ReadonlyMap<number, CpuUse>;
}

const NOTHING: CpuUse = { processes: 0, tickMicros: 0, threadMicros: 0 };

/** Starts a window; the function that comes back ends it. `roots` are the processes whose trees are told apart. */
export function startCpuWindow(roots: readonly number[]): () => CpuSample {
  const before = readCpu(roots);
  return () => {
    const after = readCpu(roots);
    return {
      wallMicros: after.wallMicros - before.wallMicros,
      machineMicros: after.machineMicros - before.machineMicros,
      treeMicros: new Map(
        roots.map((root) => [root, microsBetween(before.uses.get(root) ?? NOTHING, after.uses.get(root) ?? NOTHING)]),
      ),
    };
  };
}

/**
 * CPU microseconds of a tree between two readings: the threads' time, unless the ticks are more by what rounding cannot
 * explain (user and system time are each cut to a whole tick); then a thread or a child has ended, and the ticks count.
 */
export function microsBetween(before: CpuUse, after: CpuUse): number {
  const ticks = after.tickMicros - before.tickMicros;
  const threads = after.threadMicros - before.threadMicros;
  return ticks - threads > 2 * TICK_MICROS * after.processes ? ticks : Math.max(0, threads);
}

function readCpu(roots: readonly number[]): CpuReading {
  const processes = readProcesses();
  return {
    wallMicros: performance.now() * 1_000,
    machineMicros: parseBusyTicks(readFileSync('/proc/stat', 'utf8')) * TICK_MICROS,
    uses: new Map(roots.map((root) => [root, useOf(treeOf(root, processes))])),
  };
}

function useOf(tree: readonly ProcessStat[]): CpuUse {
  return {
    processes: tree.length,
    tickMicros: tree.reduce((sum, { ticks }) => sum + ticks * TICK_MICROS, 0),
    threadMicros: tree.reduce((sum, { pid }) => sum + readThreadNanos(pid) / 1_000, 0),
  };
}

function readThreadNanos(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'), 10))
      .reduce((sum, nanos) => sum + nanos, 0);
  } catch {
    // A thread or the process ended meanwhile, or the kernel keeps no such figures: the ticks have to do.
    return 0;
  }
}

/** Cores that were busy with something outside the tree of `own`, on average over the window. Never below 0. */
export function otherCores(sample: CpuSample, own: number): number {
  const ours = sample.treeMicros.get(own) ?? 0;
  return Math.max(0, (sample.machineMicros - ours) / sample.wallMicros);
}

/** Resident memory of a process and its descendants, in MiB. Pages that they share count once for each. */
export function readResidentMiB(root: number): number {
  const pages = treeOf(root, readProcesses()).reduce((sum, { residentPages }) => sum + residentPages, 0);
  return (pages * PAGE_BYTES) / 2 ** 20;
}

/** What a process holds open. */
export interface OpenFiles {
  readonly sockets: number;
  readonly files: number;
}

export function readOpenFiles(pid: number): OpenFiles {
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
    } catch {
      // Closed since the listing.
      return [];
    }
  });
  const sockets = targets.filter((target) => target.startsWith('socket:')).length;
  return { sockets, files: targets.length - sockets };
}
