import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'cborg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeadStore } from '../../core/index.ts';
import { openState, type State } from '../../state/index.ts';
import { keyRingOf } from '../journal/journal-fixture.suite.ts';
import { createBacklogMark } from './backlog-mark.ts';

let directory: string;
let state: State;
let store: HeadStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-mark-'));
  state = await openState({ file: join(directory, 'state.db'), keyRing: keyRingOf('a root secret') });
  store = state.marks('backlog');
});
afterEach(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

const NOON = 1_764_000_000_000;
const found = (time: number, given: object = {}) => ({
  time,
  takenUntil: time - 500,
  entries: 3,
  bytes: 4_000,
  ...given,
});

describe('what was found last of the backlog', () => {
  it('is told to every process', async () => {
    const [one, other] = [createBacklogMark(store), createBacklogMark(state.marks('backlog'))];
    expect(await other.read()).toBeUndefined();
    expect(await one.note(found(NOON))).toEqual(found(NOON));
    expect(await other.read()).toEqual(found(NOON));
    expect(await other.note(found(NOON + 1))).toEqual(found(NOON + 1));
    expect(await one.read()).toEqual(found(NOON + 1));
  });

  it('is not replaced by what was found before it, unless it is from another time', async () => {
    const mark = createBacklogMark(store);
    await mark.note(found(NOON));
    expect(await mark.note(found(NOON - 59_999))).toEqual(found(NOON));
    expect(await mark.read()).toEqual(found(NOON));
    // By a clock that was an hour ahead.
    await store.replace(await store.read(), encode([1, NOON + 3_600_000, NOON + 3_600_000, 0, 0]));
    expect(await mark.note(found(NOON))).toEqual(found(NOON, { takenUntil: NOON }));
    expect(await mark.read()).toMatchObject({ time: NOON });
  });

  it('keeps until when all is in the log, which one that saw less does not take back', async () => {
    const mark = createBacklogMark(store);
    await mark.note(found(NOON));
    expect(await mark.note(found(NOON + 1_000, { takenUntil: 0 }))).toMatchObject({ takenUntil: NOON - 500 });
    expect(await mark.note(found(NOON + 2_000, { takenUntil: NOON + 1_900 }))).toMatchObject({
      takenUntil: NOON + 1_900,
    });
  });

  it('is as good where another was first', async () => {
    const [one, other] = [createBacklogMark(store), createBacklogMark(state.marks('backlog'))];
    const both = await Promise.all([one.note(found(NOON)), other.note(found(NOON + 5, { bytes: 9 }))]);
    expect(both).toEqual([found(NOON), found(NOON + 5, { bytes: 9 })]);
    expect(both).toContainEqual(await one.read());
  });

  it.each([
    ['no CBOR', Buffer.of(0xff)],
    ['of another version', encode([2, NOON, NOON, 0, 0])],
    ['too short', encode([1, NOON, NOON, 0])],
    ['no list', encode({ time: NOON })],
    ['a time that is none', encode([1, -1, NOON, 0, 0])],
    ['a beginning that is none', encode([1, NOON, 0.5, 0, 0])],
    ['a number of entries that is none', encode([1, NOON, NOON, 'many', 0])],
    ['a size that is none', encode([1, NOON, NOON, 0, Number.NaN])],
  ])('is not known where it is %s, and is told anew', async (_, content) => {
    await store.replace(undefined, content);
    const mark = createBacklogMark(store);
    expect(await mark.read()).toBeUndefined();
    expect(await mark.note(found(NOON))).toEqual(found(NOON));
    expect(await mark.read()).toEqual(found(NOON));
  });
});
