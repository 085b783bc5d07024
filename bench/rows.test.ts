import { expect, it } from 'vitest';
import { toRow } from './rows.ts';
import type { Trial } from './trial.ts';

const trial = (change: Partial<Trial> = {}): Trial => ({
  requests: 100,
  errors: {},
  requestsPerSecond: 100,
  p50Ms: 1,
  p99Ms: 2,
  firstByteMs: 0.5,
  firstTextMs: 0.6,
  cpuMicrosPerRequest: 50,
  rssMiB: 80,
  eventLoopP99Ms: Number.NaN,
  otherCores: 0,
  loadCores: 0.5,
  upstreamCores: 0.2,
  ...change,
});
const subject = { target: 'floor', case: 'json-c1', rssIdleMiB: 60 };

it('takes medians over the rounds and tells what they span', () => {
  const rounds = [100, 900, 200].map((requestsPerSecond) => trial({ requestsPerSecond }));
  expect(toRow(subject, rounds, [])).toMatchObject({
    target: 'floor',
    case: 'json-c1',
    requestsPerSecond: 200,
    range: { requestsPerSecond: [100, 900] },
    rssIdleMiB: 60,
    rounds: 3,
  });
});

it('takes what is added to a first byte from the same round of direct, not from its median', () => {
  const rounds = [1, 5, 9].map((firstByteMs) => trial({ firstByteMs, firstTextMs: firstByteMs + 1 }));
  const direct = [0.5, 4, 8.8].map((firstByteMs) => trial({ firstByteMs, firstTextMs: firstByteMs }));
  expect(toRow(subject, rounds, direct)).toMatchObject({ addedFirstByteMs: 0.5, addedFirstTextMs: 1.5 });
});

it('says null where there is nothing to tell', () => {
  const row = toRow(subject, [trial({ p50Ms: Number.NaN })], []);
  expect(row).toMatchObject({ p50Ms: null, addedFirstByteMs: null, eventLoopP99Ms: null, range: { p50Ms: null } });
});

it('adds up the errors of all rounds', () => {
  const rounds = [trial({ errors: { 'status 500': 2 } }), trial({ errors: { 'status 500': 1, 'cut short': 1 } })];
  expect(toRow(subject, rounds, []).errors).toEqual({ 'status 500': 3, 'cut short': 1 });
});

it.each([
  [{ otherCores: 0.31 }, { disturbed: true, limitedByLoad: false }],
  [{ otherCores: 0.3 }, { disturbed: false, limitedByLoad: false }],
  [{ loadCores: 0.95 }, { disturbed: false, limitedByLoad: true }],
  [{ upstreamCores: 0.95 }, { disturbed: false, limitedByLoad: true }],
])('marks a row with a round of %j', (change, marks) => {
  expect(toRow(subject, [trial(), trial(change)], [])).toMatchObject(marks);
});
