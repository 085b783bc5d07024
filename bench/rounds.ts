import { type Bed, progress } from './bed.ts';
import type { BenchCase } from './cases.data.ts';
import { readResidentMiB } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { OTHER_CORES_LIMIT, type Row, toRow } from './rows.ts';
import type { RunningTarget, Target } from './targets/target.ts';
import { runTrial, type Trial, type TrialTimes } from './trial.ts';
import { verify } from './verify.ts';

/** A target that is ready, with what it took before the first request. */
export interface Ready {
  readonly name: string;
  readonly running: RunningTarget;
  readonly rssIdleMiB: number;
}

export interface LeftOut {
  readonly target: string;
  readonly reason: string;
}

export interface Plan extends TrialTimes {
  readonly rounds: number;
  /** How often a disturbed measurement is discarded and repeated before it is kept and marked. */
  readonly repeats: number;
}

/** What a bench that measures in rounds goes by. */
export function plans({ quick, rounds }: BenchOptions): Plan {
  const plan = quick
    ? { rounds: 1, warmUpMs: 200, durationMs: 700, repeats: 0 }
    : { rounds: 5, warmUpMs: 1_000, durationMs: 3_000, repeats: 5 };
  return { ...plan, rounds: rounds ?? plan.rounds };
}

const SETTLING_MS = 600;

/** Starts and verifies targets; one that cannot be had is left out with its reason, and the rest go on. */
export async function startTargets(
  bed: Bed,
  targets: readonly Target[],
  closing: AsyncDisposableStack,
): Promise<{ readonly ready: readonly Ready[]; readonly leftOut: readonly LeftOut[] }> {
  const ready: Ready[] = [];
  const leftOut: LeftOut[] = [];
  for (const target of targets) {
    progress(`starting ${target.name}`);
    try {
      const running = closing.use(await target.start(bed.context));
      const rssIdleMiB = running.pids.reduce((sum, pid) => sum + readResidentMiB(pid), 0);
      await verify(running, bed.context.upstream);
      await settle(bed, running);
      ready.push({ name: target.name, running, rssIdleMiB });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      progress(`${target.name} is left out: ${reason}`);
      leftOut.push({ target: target.name, reason });
    }
  }
  return { ready, leftOut };
}

/** Runs both kinds of call for a while, so that the first case does not pay for what the compiler has yet to do. */
async function settle({ load }: Bed, { endpoints, path, modelPrefix }: RunningTarget): Promise<void> {
  const call = { endpoints, path, model: `${modelPrefix}bench`, promptBytes: 1_024, connections: 16 };
  for (const isStream of [false, true]) await load.ask({ ...call, isStream, durationMs: SETTLING_MS });
}

/** Measures in rounds, the targets taking turns within each, so that what drifts drifts under all of them. */
export async function measureCase(
  bed: Bed,
  targets: readonly Ready[],
  subject: { readonly benchCase: BenchCase; readonly plan: Plan },
): Promise<readonly Row[]> {
  const { benchCase, plan } = subject;
  const trials = new Map<string, Trial[]>(targets.map(({ name }) => [name, []]));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { name, running } of targets) {
      const trial = await undisturbedTrial(bed, running, subject);
      trials.get(name)?.push(trial);
      progress(`${benchCase.name} ${round}/${plan.rounds} ${name}: ${describe(trial)}`);
    }
  }
  const direct = trials.get('direct') ?? [];
  return targets.map(({ name, rssIdleMiB }) =>
    toRow({ target: name, case: benchCase.name, rssIdleMiB }, trials.get(name) ?? [], direct),
  );
}

/** Repeats a measurement that something else took part of the machine from; the last one counts and says so. */
async function undisturbedTrial(
  bed: Bed,
  target: RunningTarget,
  { benchCase, plan }: { readonly benchCase: BenchCase; readonly plan: Plan },
): Promise<Trial> {
  for (let left = plan.repeats; ; left -= 1) {
    const trial = await runTrial(bed, target, { ...benchCase, ...plan });
    if (trial.otherCores <= OTHER_CORES_LIMIT || left <= 0) return trial;
    progress(`${benchCase.name}: something else used ${trial.otherCores.toFixed(1)} cores; measuring again`);
  }
}

function describe({ requestsPerSecond, p50Ms, cpuMicrosPerRequest, errors, otherCores }: Trial): string {
  const failed = Object.entries(errors).map(([reason, count]) => `, ${count} × ${reason}`);
  const disturbed = otherCores > OTHER_CORES_LIMIT ? `, ${otherCores.toFixed(1)} cores busy elsewhere` : '';
  return (
    `${requestsPerSecond.toFixed(0)} req/s, p50 ${p50Ms.toFixed(2)} ms, ${cpuMicrosPerRequest.toFixed(0)} µs CPU` +
    `${failed.join('')}${disturbed}`
  );
}
