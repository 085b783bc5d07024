import { spreadOf } from '../statistics.ts';

const ROUNDS = 5;

/** CPU microseconds of one run: the median of rounds of at least `roundMs`, behind one that warms up. */
export function measureCpu(run: () => unknown, roundMs: number): number {
  const micros = Array.from({ length: ROUNDS + 1 }, () => measureRound(run, roundMs * 1_000));
  return spreadOf(micros.slice(1)).median;
}

function measureRound(run: () => unknown, least: number): number {
  const started = process.cpuUsage();
  let spent = 0;
  let runs = 0;
  for (let batch = 1; spent < least; batch *= 2) {
    for (let index = 0; index < batch; index += 1) run();
    runs += batch;
    const { user, system } = process.cpuUsage(started);
    spent = user + system;
  }
  return spent / runs;
}
