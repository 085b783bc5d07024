import { describe, expect, it } from 'vitest';
import { createLogHistory } from './log-history.ts';

const round = { kind: 'round', size: 7, failedSinks: [] } as const;

describe('the history of the log', () => {
  it('begins with nothing known and nothing wrong, and with every sink', () => {
    const history = createLogHistory(['vault'], { now: () => 5 });
    expect(history.read()).toEqual({
      isLogWritten: true,
      logEntries: undefined,
      lastRoundAt: 0,
      logFaults: 0,
      lateRounds: 0,
      sinkFailures: new Map([['vault', 0]]),
    });
  });

  it('has the time of the last round that took all there was', () => {
    let now = 5;
    const history = createLogHistory([], { now: () => now });
    history.noteRound({ ...round, takenBytes: 0 });
    now = 9;
    history.noteRound({ ...round, size: 8 });
    expect(history.read()).toMatchObject({ lastRoundAt: 5, logEntries: 8 });
  });

  it('counts faults, and forgets with the next round only that the log is not written', () => {
    const history = createLogHistory([], { now: () => 5 });
    history.noteFault();
    history.noteFault();
    expect(history.read()).toMatchObject({ isLogWritten: false, logFaults: 2 });
    history.noteRound(round);
    expect(history.read()).toMatchObject({ isLogWritten: true, logFaults: 2 });
  });

  it('counts late rounds, and for each sink those that it failed', () => {
    const history = createLogHistory(['vault', 'hook'], { now: () => 5 });
    history.noteRound({ ...round, lateMs: 3, failedSinks: [{ sink: 'hook', cause: 'Error' }] });
    history.noteRound({ ...round, failedSinks: [{ sink: 'hook', cause: 'Error' }] });
    expect(history.read()).toMatchObject({
      lateRounds: 1,
      sinkFailures: new Map([
        ['vault', 0],
        ['hook', 2],
      ]),
    });
  });
});
