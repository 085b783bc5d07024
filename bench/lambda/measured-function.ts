import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Invoked,
  type LambdaEmulator,
  type LambdaFunction,
  startLambdaEmulator,
} from '../../tools/lambda-emulator.ts';
import type { LambdaPrograms } from '../../tools/lambda-runtime/installations.ts';
import { readPeakMiB, readTree, startCpuWindow } from '../measure.ts';
import type { CountedCall, CountingProxy } from './counting-proxy.ts';
import { coveredMs } from './intervals.ts';

/** One invocation, all times in milliseconds. */
export interface Invocation {
  readonly payload: Buffer;
  /** From the emulator's taking the event to its end, as seen from outside; a cold one starts the function within it. */
  readonly outsideMs: number;
  /** What the emulator would have billed, unrounded. Of the first invocation it is nothing that means anything. */
  readonly durationMs: number;
  /** Of it, in which at least one call of a service was under way. */
  readonly waitingMs: number;
  /** That the function's main thread could run and had no core. */
  readonly queuedMs: number;
  readonly cpuMs: number;
  readonly calls: readonly CountedCall[];
  /** What the function and the platform wrote of it. */
  readonly log: string;
}

export interface MeasuredFunction extends AsyncDisposable {
  invoke(event: unknown): Promise<Invoked>;
  /** The invocation that ended last. */
  last(): Promise<Invocation>;
  /** The most that the function's process has had in memory so far, in MiB. */
  peakMiB(): number;
}

interface FunctionOptions extends LambdaFunction {
  readonly programs: LambdaPrograms;
  /** What its configuration has in the place of every service. */
  readonly proxy: CountingProxy;
}

const REPORT = /^REPORT RequestId: .*\tDuration: ([\d.]+) ms.*\n/m;
const REPORT_MS = 5_000;
/** Lines of the emulator itself, which Lambda has none of. */
const EMULATOR_LINES = /^.*\] \(rapid\) .*\n/gm;
const NANOS = 1_000_000;

export async function startMeasuredFunction(options: FunctionOptions): Promise<MeasuredFunction> {
  const { programs, proxy, ...given } = options;
  const emulator = await startLambdaEmulator(programs, given);
  let told = 0;
  let ended: Promise<Invocation> | undefined;

  async function measure(event: unknown): Promise<{ readonly invoked: Invoked; readonly rest: Promise<Invocation> }> {
    proxy.take();
    const pid = functionOf(emulator);
    const endWindow = startCpuWindow([pid]);
    const queued = readQueuedMs(pid);
    const from = performance.now();
    const invoked = await emulator.invoke(event);
    const within = { from, to: performance.now() };
    const cpuMs = (endWindow().treeMicros.get(pid) ?? 0) / 1_000;
    const queuedMs = readQueuedMs(pid) - queued;
    const calls = proxy.take();
    const rest = reportOf(emulator, told).then(({ durationMs, log, end }) => {
      told = end;
      return {
        payload: invoked.payload,
        outsideMs: within.to - within.from,
        durationMs,
        waitingMs: coveredMs(calls, within),
        queuedMs,
        cpuMs,
        calls,
        log,
      };
    });
    return { invoked, rest };
  }

  return {
    async invoke(event) {
      // One at a time: a function's environment has no two.
      await ended;
      const { invoked, rest } = await measure(event);
      ended = rest;
      return invoked;
    },
    async last() {
      if (ended === undefined) throw new Error('nothing was invoked');
      return await ended;
    },
    peakMiB: () => readPeakMiB(functionOf(emulator)),
    [Symbol.asyncDispose]: () => emulator.stop(),
  };
}

/** The process of the function: the last that the emulator started; the emulator's own before the first invocation. */
function functionOf({ pid }: LambdaEmulator): number {
  return readTree(pid).at(-1)?.pid ?? pid;
}

interface Report {
  readonly durationMs: number;
  readonly log: string;
  /** Where what is written of the next one begins. */
  readonly end: number;
}

/** The emulator's report comes behind the answer. */
async function reportOf({ output }: LambdaEmulator, told: number): Promise<Report> {
  for (const limit = performance.now() + REPORT_MS; ; await pause(1)) {
    const text = output().slice(told);
    const found = REPORT.exec(text);
    if (found !== null) {
      const length = found.index + found[0].length;
      const log = text.slice(0, length).replaceAll(EMULATOR_LINES, '');
      return { durationMs: Number(found[1]), log, end: told + length };
    }
    if (performance.now() > limit) throw new Error(`the emulator has not told how long it took: ${text}`);
  }
}

/** Milliseconds that a process's main thread has waited for a core so far (proc(5), `schedstat`); 0 where it is gone. */
function readQueuedMs(pid: number): number {
  try {
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waited) / NANOS;
  } catch {
    return 0;
  }
}
