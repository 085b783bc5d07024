import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toRequestRecord } from '../../../tools/request-record.ts';
import { openJournal } from '../../audit/index.ts';
import { createRequestId, gatewayOwner, parsePrincipalId, parseTenantId } from '../../core/index.ts';
import { createLocalKeyRing, openState } from '../../state/index.ts';
import type { LogFields } from '../../telemetry/index.ts';
import { createDataDirectory, createWriterLocks, toDataDirectory, toLogDirectories } from '../data-directory.ts';
import { systemClock } from '../system-clock.ts';
import { readJournalSize } from './journal-size.ts';
import type { SequencingTask } from './messages.ts';
import { startSequencing } from './sequencing.ts';

const cleaners: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

/** A journal with what takes it into the log, and what is logged of that. */
async function createScene(given: Partial<SequencingTask> = {}, maxJournalBytes = 2 ** 30) {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-sequencing-'));
  cleaners.push(() => rmSync(root, { recursive: true }));
  const directory = toDataDirectory(root);
  await createDataDirectory(directory);
  const keyRing = await createLocalKeyRing(directory.keyFile);
  const state = await openState({ file: directory.stateFile, keyRing });
  cleaners.push(() => state.close());
  const journal = await openJournal({
    directory: directory.journalDirectory,
    keys: state.wrappedKeys,
    keyRing,
    clock: systemClock,
    locks: createWriterLocks(directory),
  });
  cleaners.push(() => journal.close());
  const events: [string, LogFields | undefined][] = [];
  const log = (event: string, fields?: LogFields) => void events.push([event, fields]);
  const logger = { info: log, warn: log, error: log };
  const { keyFile, stateFile } = directory;
  const stateSource = { kind: 'file', file: stateFile } as const;
  const places = {
    place: { kind: 'disk', directories: toLogDirectories(directory) } as const,
    keyRingSource: { keyFile },
    stateSource,
  };
  const settings = { origin: 'log', sinks: [], intervalMs: 50, maximumMergeDelayMs: 60_000 };
  const task: SequencingTask = { ...places, ...settings, ...given };
  async function append() {
    const time = systemClock.now();
    const act = { kind: 'administration', operator: 'olga', act: 'test', details: {} } as const;
    await journal.append({ ...act, requestId: createRequestId(time, new Uint8Array(10)), time }, gatewayOwner);
  }
  async function appendRequest() {
    const time = systemClock.now();
    const owner = { tenant: parseTenantId('acme'), principal: parsePrincipalId('app') };
    const requestId = createRequestId(time, new Uint8Array(10));
    await journal.append(toRequestRecord({ requestId, time, caller: owner }), owner);
  }
  const start = () => {
    const sequencing = startSequencing({ task, maxJournalBytes, logger });
    let isClosed = false;
    const close = async () => {
      if (!isClosed) await sequencing.close();
      isClosed = true;
    };
    cleaners.push(close);
    return { ...sequencing, close };
  };
  const heard = (event: string) =>
    vi.waitFor(() => expect(events.map(([name]) => name)).toContain(event), { timeout: 60_000, interval: 50 });
  return { root, directory, state, journal, append, appendRequest, start, events, heard };
}

describe('sequencing beside a gateway', () => {
  it('takes what the journal has into the log and the index, to the last of it', async () => {
    const { start, append, journal, state, events } = await createScene();
    const sequencing = start();
    await append();
    await journal.close();
    await sequencing.close();
    expect(await state.index.position()).toBe(1);
    expect(sequencing.isBehind()).toBe(false);
    expect(events).toEqual([]);
  });

  it('says once that the log cannot be written, and when it can again', async () => {
    const { start, append, directory, events, heard } = await createScene();
    rmSync(directory.logDirectory, { recursive: true });
    writeFileSync(directory.logDirectory, 'in the way');
    await append();
    const sequencing = start();
    await heard('log not written');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    rmSync(directory.logDirectory);
    await heard('log written again');
    await sequencing.close();
    expect(events.map(([name]) => name)).toEqual(['log not written', 'log written again']);
    expect(events[0]?.[1]?.cause).toMatch(/ENOTDIR|EEXIST/);
    expect(events[1]?.[1]?.count).toBe(1);
  });

  it('writes no checkpoint over one that was changed, and says so', async () => {
    const { start, append, directory, events, heard } = await createScene();
    const first = start();
    await append();
    await vi.waitFor(() => expect(first.state().logEntries).toBe(1), 60_000);
    await first.close();
    const file = join(directory.logDirectory, 'checkpoint');
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed.write(whole.toString('latin1', whole.length - 9, whole.length - 8) === 'A' ? 'B' : 'A', whole.length - 9);
    writeFileSync(file, changed);
    await append();
    start();
    await heard('log not written');
    expect(events[0]?.[1]?.cause).toBe('LogConflictError < Error');
    expect(readFileSync(file)).toEqual(changed);
    writeFileSync(file, whole);
    await heard('log written again');
  });

  it('says which sink keeps no checkpoint, and when it does again', async () => {
    const mount = mkdtempSync(join(tmpdir(), 'sallyport-sink-'));
    cleaners.push(() => rmSync(mount, { recursive: true }));
    const directory = join(mount, 'checkpoints');
    const sinks = [
      { kind: 'file', name: 'vault', directory },
      { kind: 'webhook', name: 'hook', url: 'http://127.0.0.1:1/' },
    ] as const;
    const { start, append, events, heard } = await createScene({ sinks });
    await append();
    const sequencing = start();
    await heard('checkpoint not kept');
    expect(existsSync(directory)).toBe(false);
    mkdirSync(directory);
    await heard('checkpoint kept again');
    await sequencing.close();
    expect(events).toEqual([
      ['checkpoint not kept', { sink: 'vault', cause: 'Error:ENOENT' }],
      ['checkpoint not kept', { sink: 'hook', cause: expect.stringContaining('ECONNREFUSED') }],
      ['checkpoint kept again', { sink: 'vault' }],
    ]);
  });

  it('says of how many entries in the log it can make no index, and goes on', async () => {
    const { start, append, directory, state, events, heard } = await createScene();
    const first = start();
    await append();
    await vi.waitFor(async () => expect(await state.index.position()).toBe(1), 60_000);
    await first.close();
    await state.index.cut(0);
    const segments = join(directory.logDirectory, 'segments');
    const names = readdirSync(segments, { recursive: true, encoding: 'utf8' }).map((name) => join(segments, name));
    const segment = names.find((name) => statSync(name).isFile()) ?? '';
    chmodSync(segment, 0o600);
    writeFileSync(segment, 'nothing');
    start();
    await heard('records not indexed');
    await append();
    await vi.waitFor(async () => expect(await state.index.list({ limit: 9 })).toHaveLength(1), 60_000);
    expect(events).toEqual([['records not indexed', { count: 1 }]]);
  });

  it('says where requests came later into the log than receipts promise', async () => {
    const { appendRequest, start, events, heard } = await createScene({ maximumMergeDelayMs: 1_000 });
    await appendRequest();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    start();
    await heard('receipts kept late');
    const late = events.filter(([event]) => event === 'receipts kept late');
    expect(late).toHaveLength(1);
    expect(late[0]?.[1]?.durationMs).toBeGreaterThan(0);
    await appendRequest();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events.filter(([event]) => event === 'receipts kept late')).toHaveLength(1);
  });

  it('calls no act late that a command recorded while no gateway ran: nobody was promised anything', async () => {
    const { append, state, start, events } = await createScene({ maximumMergeDelayMs: 1 });
    await append();
    await new Promise((resolve) => setTimeout(resolve, 20));
    start();
    await vi.waitFor(async () => expect(await state.index.list({ limit: 9 })).toHaveLength(1), 60_000);
    expect(events).toEqual([]);
  });

  it('is behind once the journal has grown to its bound', async () => {
    const { start, append, directory, heard } = await createScene({}, 100);
    rmSync(directory.logDirectory, { recursive: true });
    writeFileSync(directory.logDirectory, 'in the way');
    await append();
    const sequencing = start();
    expect(sequencing.isBehind()).toBe(false);
    await heard('log behind');
    expect(sequencing.isBehind()).toBe(true);
    expect(sequencing.state()).toMatchObject({ isLogBehind: true, logEntries: undefined });
  });

  it('is not behind for what is in the log, and for what a start took off', async () => {
    const { root, start, append, directory, events, heard } = await createScene({}, 2_000);
    writeFileSync(join(directory.journalDirectory, '0123456789abcdef-00000000.journal.x.torn'), Buffer.alloc(9_000));
    for (let count = 0; count < 8; count += 1) await append();
    const bytes = await readJournalSize({ kind: 'disk', directories: toLogDirectories(directory) });
    expect(bytes).toBeGreaterThan(2_000);
    const sequencing = start();
    // What an earlier run left counts until it is known to be in the log.
    await vi.waitFor(() => expect(sequencing.state()).toMatchObject({ journalBytes: bytes, waitingBytes: 0 }), 60_000);
    expect(sequencing.isBehind()).toBe(false);
    events.length = 0;
    renameSync(directory.logDirectory, join(root, 'aside'));
    writeFileSync(directory.logDirectory, 'in the way');
    await append();
    await heard('log not written');
    expect(events).toHaveLength(1);
    expect(sequencing.isBehind()).toBe(false);
    for (let count = 0; count < 8; count += 1) await append();
    await heard('log behind');
    expect(sequencing.isBehind()).toBe(true);
    rmSync(directory.logDirectory);
    renameSync(join(root, 'aside'), directory.logDirectory);
    await heard('log written again');
    await vi.waitFor(() => expect(sequencing.isBehind()).toBe(false), 60_000);
  });

  it('starts its thread again where that ends by itself', async () => {
    const scene = await createScene();
    const { directory, start, append, state, heard } = scene;
    rmSync(directory.keyFile);
    mkdirSync(directory.keyFile);
    await append();
    const sequencing = start();
    await heard('log stopped');
    expect(sequencing.state()).toMatchObject({ isLogWritten: false, logFaults: 1 });
    await sequencing.close();
    expect(await state.index.position()).toBe(0);
  });
});
