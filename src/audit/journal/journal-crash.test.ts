import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cleanUp,
  createKeyStore,
  createPlace,
  openJournalReader,
  readEntries,
  temporaryDirectory,
} from './journal-fixture.suite.ts';

afterEach(cleanUp);

const room = JSON.stringify(import.meta.dirname);

/**
 * A process that appends exchanges from sixteen callers at once until it is stopped or the disk refuses. It prints
 * the id of each request once its append has resolved, and last the code it was refused with.
 */
function childScript(directory: string, keyFile: string): string {
  return `
    import { join } from 'node:path';
    import { randomBytes } from 'node:crypto';
    const { openJournal } = await import(join(${room}, '../index.ts'));
    const { createRequestId } = await import(join(${room}, '../../core/index.ts'));
    const fixture = await import(join(${room}, 'journal-fixture.suite.ts'));
    const journal = await openJournal({
      directory: ${JSON.stringify(directory)},
      keys: fixture.createKeyStore(${JSON.stringify(keyFile)}),
      keyRing: fixture.keyRingOf('a root secret'),
      clock: { now: () => Date.now() },
      locks: fixture.createLocks(),
      fileBytes: 200_000,
    });
    console.log('open');
    async function work(caller) {
      for (;;) {
        const id = createRequestId(Date.now(), randomBytes(10));
        await journal.append(fixture.requestOf(id, 'x'.repeat(2000)), caller);
        console.log(id);
        await journal.append(fixture.responseOf(id), caller);
      }
    }
    try {
      await Promise.all(Array.from({ length: 16 }, (_, n) => work(fixture.callerOf('app' + (n % 3)))));
    } catch (error) {
      console.log([error.code, error.cause.code ?? error.cause.message, journal.isAvailable()].join(', '));
      process.exit(7);
    }`;
}

interface Run {
  readonly lines: readonly string[];
  readonly exitCode: number | null;
}

/** Runs it to its end, or until it has said so many lines: then it is killed, wherever it is by then. */
async function runChild(command: readonly string[], killAfterLines = Number.POSITIVE_INFINITY): Promise<Run> {
  const [program = '', ...given] = command;
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    lines += text.split('\n').length - 1;
    if (lines >= killAfterLines) child.kill('SIGKILL');
  });
  const [exitCode] = await once(child, 'close');
  // A line without its end was not printed whole: whether it was acknowledged cannot be said.
  return { lines: said.split('\n').slice(0, -1), exitCode };
}

const isId = (line: string) => /^[0-9a-f-]{36}$/.test(line);

describe('a gateway that is killed', () => {
  it('ten times under load has every acknowledged record, whole and once, and closes every exchange', async () => {
    const directory = join(temporaryDirectory(), 'journal');
    const keyFile = join(temporaryDirectory(), 'keys.json');
    const acknowledged: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const script = childScript(directory, keyFile);
      const run = await runChild([process.execPath, '--input-type=module', '-e', script], 1 + 15 * round);
      expect(run.exitCode).toBeNull();
      acknowledged.push(...run.lines.filter(isId));
    }
    expect(acknowledged.length).toBeGreaterThan(500);

    const place = { ...createPlace(directory), keys: createKeyStore(keyFile) };
    const entriesBefore = await readEntries(directory);
    const counts = new Map<string, number>();
    for (const { entry } of entriesBefore) {
      if (entry.type === 'request') counts.set(entry.requestId, (counts.get(entry.requestId) ?? 0) + 1);
    }
    expect(acknowledged.filter((id) => counts.get(id) !== 1)).toEqual([]);

    const last = await runChild([process.execPath, '--input-type=module', '-e', childScript(directory, keyFile)], 1);
    expect(last.lines[0]).toBe('open');
    const answered = new Set<string>();
    for (const { entry } of await readEntries(directory)) if (entry.type === 'response') answered.add(entry.requestId);
    expect([...counts.keys()].filter((id) => !answered.has(id as never))).toEqual([]);

    const reader = openJournalReader(place);
    const [entry] = entriesBefore.slice(-1);
    if (entry === undefined) throw new Error('expected an entry');
    expect(await reader.find(entry.entry.requestId)).toMatchObject([{ kind: 'request' }, { kind: 'response' }]);
  });
});

/** A file system of one megabyte, where this process may mount one. */
function mountSmallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmdirSync(path);
    return undefined;
  }
}

async function expectAllKept(directory: string, keyFile: string, { lines, exitCode }: Run, code: string) {
  // The kernel takes what still fits before it refuses.
  expect(['the disk took only a part of a write', code].map((why) => `journalUnavailable, ${why}, false`)).toContain(
    lines.at(-1),
  );
  expect(exitCode).toBe(7);
  const acknowledged = lines.filter(isId);
  expect(acknowledged.length).toBeGreaterThan(20);
  const found = new Set<string>((await readEntries(directory)).map(({ entry }) => entry.requestId));
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  const keys = createKeyStore(keyFile);
  const reader = openJournalReader({ ...createPlace(directory), keys });
  const last = acknowledged.at(-1) as Parameters<typeof reader.find>[0];
  expect((await reader.find(last))[0]?.kind).toBe('request');
}

describe('a real disk that refuses', () => {
  it.skipIf(process.platform === 'win32')(
    'to let a file grow ends the journal, with all it had taken',
    async () => {
      const directory = join(temporaryDirectory(), 'journal');
      const keyFile = join(temporaryDirectory(), 'keys.json');
      const limited = ['-c', 'ulimit -f 300; exec "$0" "$@"', process.execPath, '--input-type=module', '-e'];
      const run = await runChild(['sh', ...limited, childScript(directory, keyFile)]);
      await expectAllKept(directory, keyFile, run, 'EFBIG');
    },
    30_000,
  );

  const disk = mountSmallDisk();
  it.skipIf(disk === undefined)(
    'because it is full ends the journal, with all it had taken',
    async () => {
      const path = disk ?? '';
      try {
        const directory = join(path, 'journal');
        const keyFile = join(temporaryDirectory(), 'keys.json');
        const run = await runChild([process.execPath, '--input-type=module', '-e', childScript(directory, keyFile)]);
        await expectAllKept(directory, keyFile, run, 'ENOSPC');
      } finally {
        execFileSync('/bin/umount', [path]);
        rmdirSync(path);
      }
    },
    30_000,
  );
});
