import type { Bed } from './bed.ts';
import type { BenchCase } from './cases.data.ts';
import { type LoadOrder, loadResult } from './load-run.ts';
import { otherCores, readResidentMiB, startCpuWindow } from './measure.ts';
import type { RunningTarget } from './targets/target.ts';

/** One measurement of one target in one case. Times in milliseconds. */
export interface Trial {
  readonly requests: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly firstByteMs: number;
  readonly firstTextMs: number;
  readonly cpuMicrosPerRequest: number;
  /** The most that was resident at any look. */
  readonly rssMiB: number;
  /** The 99th percentile of the event loop's delay; `NaN` where it is not Node's. */
  readonly eventLoopP99Ms: number;
  /** Cores busy with something that is not the bench's. */
  readonly otherCores: number;
  /** Cores that the load generator and the upstream took: near 1, they were the limit. */
  readonly loadCores: number;
  readonly upstreamCores: number;
}

export interface TrialTimes {
  readonly warmUpMs: number;
  readonly durationMs: number;
}

const SAMPLE_MS = 250;

export async function runTrial(bed: Bed, target: RunningTarget, subject: BenchCase & TrialTimes): Promise<Trial> {
  const order: LoadOrder = {
    endpoints: target.endpoints.map((endpoint) => ({ ...endpoint })),
    path: target.path,
    model: `${target.modelPrefix}${subject.model}`,
    promptBytes: subject.promptBytes,
    isStream: subject.isStream,
    connections: subject.connections,
    durationMs: subject.durationMs,
  };
  // Warmed up on the unpaced model: what has to be compiled is the same, and it takes no stream's time.
  await bed.load.ask({ ...order, model: `${target.modelPrefix}bench`, durationMs: subject.warmUpMs });
  await Promise.all(target.eventLoops.map((loop) => loop.read()));
  const { load, upstream } = bed;
  const endWindow = startCpuWindow([process.pid, load.pid, upstream.pid, ...target.pids]);
  const endSampling = sampleResident(target.pids);
  const result = loadResult.parse(await load.ask(order));
  const cpu = endWindow();
  const rssMiB = endSampling();
  const loops = await Promise.all(target.eventLoops.map((loop) => loop.read()));
  const micros = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (cpu.treeMicros.get(pid) ?? 0), 0);
  return {
    requests: result.requests,
    errors: result.errors,
    requestsPerSecond: (result.requests / result.elapsedMs) * 1_000,
    p50Ms: result.p50Ms ?? Number.NaN,
    p99Ms: result.p99Ms ?? Number.NaN,
    firstByteMs: result.firstByteMs ?? Number.NaN,
    firstTextMs: result.firstTextMs ?? Number.NaN,
    cpuMicrosPerRequest: result.requests > 0 ? micros(target.pids) / result.requests : Number.NaN,
    rssMiB,
    eventLoopP99Ms: loops.length > 0 ? Math.max(...loops.map(({ delayP99Ms }) => delayP99Ms)) : Number.NaN,
    otherCores: otherCores(cpu, process.pid),
    loadCores: micros([load.pid]) / cpu.wallMicros,
    upstreamCores: micros([upstream.pid]) / cpu.wallMicros,
  };
}

/** Looks at the memory of processes until it is ended; gives the most it saw. */
function sampleResident(pids: readonly number[]): () => number {
  let most = 0;
  const look = () => {
    most = Math.max(
      most,
      pids.reduce((sum, pid) => sum + readResidentMiB(pid), 0),
    );
  };
  look();
  const timer = setInterval(look, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}
