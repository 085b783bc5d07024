import { expect, it } from 'vitest';
import { judge, type SoakEvidence, type SoakSample } from './soak-checks.ts';

const sample = (minutes: number, change: Partial<SoakSample> = {}): SoakSample => ({
  minutes,
  rssMiB: 200,
  heapMiB: 40,
  eventLoopP99Ms: 2,
  sockets: 60,
  files: 30,
  ...change,
});

const sound: SoakEvidence = {
  clients: { buffered: { expected: 900, unexpected: {} }, cut: { expected: 40, unexpected: {} } },
  samples: Array.from({ length: 41 }, (_, index) => sample(index / 4)),
  idle: { sockets: 3, files: 30 },
  left: { sockets: 3, files: 32 },
  openExchanges: 0,
  repairs: 0,
};

const failures = (change: Partial<SoakEvidence>) =>
  judge({ ...sound, ...change })
    .filter(({ ok }) => !ok)
    .map(({ check }) => check);

const growing = (of: (minutes: number) => Partial<SoakSample>) =>
  sound.samples.map(({ minutes }) => sample(minutes, of(minutes)));

it('passes a gateway that leaves nothing behind', () => {
  expect(failures({})).toEqual([]);
});

it.each<[string, Partial<SoakEvidence>]>([
  ['calls that ended as they should not', { clients: { cut: { expected: 1, unexpected: { whole: 1 } } } }],
  ['kinds of client that never got through', { clients: { cut: { expected: 0, unexpected: {} } } }],
  ['heap growth, MiB a minute', { samples: growing((minutes) => ({ heapMiB: 40 + minutes })) }],
  ['RSS growth, MiB a minute', { samples: growing((minutes) => ({ rssMiB: 200 + 5 * minutes })) }],
  ['sockets left open', { left: { sockets: 4, files: 30 } }],
  ['files left open', { left: { sockets: 3, files: 35 } }],
  ['journal: exchanges left open', { openExchanges: 1 }],
  ['journal: ends to be repaired', { repairs: 1 }],
])('finds %s', (check, change) => {
  expect(failures(change)).toEqual([check]);
});

it('forgives what grows only at first', () => {
  expect(failures({ samples: growing((minutes) => ({ heapMiB: Math.min(40, 20 + 10 * minutes) })) })).toEqual([]);
});

it('does not judge the growth of a short run', () => {
  const samples = growing((minutes) => ({ heapMiB: 40 + 9 * minutes })).slice(0, 5);
  expect(failures({ samples })).toEqual([]);
});
