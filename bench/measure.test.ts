import { expect, it } from 'vitest';
import { microsBetween, otherCores, parseBusyTicks, parseProcessStat, startCpuWindow, treeOf } from './measure.ts';

const line =
  '4217 (node (bench) x) S 4200 4217 4200 34816 4217 4194304 9 8 7 6 150 50 20 5 20 0 11 0 510519 3133440 412 1 2 3';

it('reads a process whose name holds spaces and parentheses', () => {
  expect(parseProcessStat(line)).toEqual({ pid: 4217, parent: 4200, ticks: 225, residentPages: 412 });
});

it('counts a machine as busy in all but idle and iowait', () => {
  expect(parseBusyTicks('cpu  100 20 30 9000 4000 5 6 7 90 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toBe(168);
});

it('gathers a process with its descendants and no other', () => {
  const process = (pid: number, parent: number) => ({ pid, parent, ticks: 0, residentPages: 0 });
  const all = [process(5, 3), process(1, 0), process(3, 2), process(2, 1), process(4, 1)];
  expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 5]);
  expect(treeOf(9, all)).toEqual([]);
});

it('tells what else the machine did', () => {
  const sample = { wallMicros: 1_000_000, machineMicros: 1_500_000, treeMicros: new Map([[1, 1_100_000]]) };
  expect(otherCores(sample, 1)).toBeCloseTo(0.4);
  expect(otherCores({ ...sample, machineMicros: 1_000_000 }, 1)).toBe(0);
});

it('takes the threads for what they say, and the ticks where something has ended', () => {
  const before = { processes: 2, tickMicros: 500_000, threadMicros: 503_210 };
  expect(microsBetween(before, { processes: 2, tickMicros: 520_000, threadMicros: 508_210 })).toBe(5_000);
  expect(microsBetween(before, { processes: 2, tickMicros: 900_000, threadMicros: 603_210 })).toBe(400_000);
  expect(microsBetween(before, { processes: 1, tickMicros: 900_000, threadMicros: 103_210 })).toBe(400_000);
});

it('weighs a process that works', () => {
  const end = startCpuWindow([process.pid]);
  for (const until = performance.now() + 60; performance.now() < until; );
  const sample = end();
  expect(sample.treeMicros.get(process.pid)).toBeGreaterThan(5_000);
  expect(sample.treeMicros.get(process.pid)).toBeLessThan(sample.wallMicros * 4);
});
