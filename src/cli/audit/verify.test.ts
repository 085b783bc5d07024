import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileSink, createLocalLog, openJournal } from '../../audit/index.ts';
import { createRequestId, gatewayOwner } from '../../core/index.ts';
import { createLocalKeyRing, openState } from '../../state/index.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from '../terminal.suite.ts';

afterAll(removeTemporaryDirectories);

const time = Date.UTC(2026, 0, 2, 3, 4, 5);
const WITHOUT = 'none was kept elsewhere, or given: who holds disk and key could have written another log';

let data: string;
beforeEach(() => {
  data = temporaryDirectory();
});

const verify = (...words: readonly string[]) => sallyport('audit', 'verify', '--data', data, ...words);
const checkpointsOf = (out: string) => /^ {2}checkpoints +(.*)$/m.exec(out)?.[1];

/** Takes acts into the log, as a gateway does that has a file sink. Gives the checkpoint that it keeps. */
async function write(acts: number): Promise<string> {
  for (const room of ['keys', 'state', 'audit']) mkdirSync(join(data, room), { recursive: true, mode: 0o700 });
  const keyRing = await createLocalKeyRing(join(data, 'keys', 'root.key'));
  const state = await openState({ file: join(data, 'state', 'state.db'), keyRing });
  const audit = join(data, 'audit');
  const directories = { journal: join(audit, 'journal'), log: join(audit, 'log'), staging: join(data, 'staging') };
  const { wrappedKeys: keys, heads, index } = state;
  const clock = { now: () => time };
  const locks = { hold: () => ({ release: () => {} }), isHeld: () => false };
  const journal = await openJournal({ directory: directories.journal, keys, keyRing, clock, locks });
  const act = { kind: 'administration', operator: 'olga', act: 'test', details: {}, time } as const;
  for (let count = 0; count < acts; count += 1) {
    const random = Uint8Array.from({ length: 10 }, () => Math.random() * 256);
    await journal.append({ ...act, requestId: createRequestId(time, random) }, gatewayOwner);
  }
  await journal.close();
  const sinks = [createFileSink({ name: 'vault', directory: join(data, 'kept'), clock })];
  await createLocalLog({ directories, keyRing, keys, heads, index, origin: 'sallyport/demo', sinks }).round();
  state.close();
  const [name = ''] = readdirSync(join(data, 'kept'));
  return readFileSync(join(data, 'kept', name), 'utf8');
}

/** A file with a checkpoint, at somebody else's. */
function keep(note: string): string {
  const file = join(temporaryDirectory(), 'kept.checkpoint');
  writeFileSync(file, note);
  return file;
}

describe('what `audit verify` says of checkpoints', () => {
  it('is that none was kept, where none was', async () => {
    await write(2);
    const { code, out } = await verify();
    expect({ code, kept: checkpointsOf(out) }).toEqual({ code: 0, kept: WITHOUT });
  });

  it('is that they agree, where all do', async () => {
    const early = keep(await write(2));
    const late = keep(await write(1));
    const { code, out } = await verify('--checkpoint', early, late);
    expect(out).toMatch(/^verified: 3 entries/);
    expect({ code, kept: checkpointsOf(out) }).toEqual({ code: 0, kept: '2 kept elsewhere agree' });
  });

  it('is never that none was kept, where one contradicts the log', async () => {
    const early = keep(await write(2));
    for (const gone of ['audit', 'state', 'staging', 'kept']) rmSync(join(data, gone), { recursive: true });
    const own = keep(await write(2));
    const alone = await verify('--checkpoint', early);
    expect(alone.code).toBe(1);
    expect(alone.out).toMatch(/^damaged/);
    expect(checkpointsOf(alone.out)).toBe('0 of 1 kept elsewhere agree');
    expect(alone.out).toContain(`${early} has another log of the first 2 entries`);
    expect(checkpointsOf((await verify('--checkpoint', early, own)).out)).toBe('1 of 2 kept elsewhere agree');
    const { out } = await verify('--checkpoint', early, own, '--json');
    expect(JSON.parse(out)).toMatchObject({ result: 'damaged', kept: 2, anchors: 1 });
  });

  it('counts one that is no checkpoint, or for more than there is', async () => {
    await write(2);
    const { code, out } = await verify('--checkpoint', keep('nonsense'));
    expect({ code, kept: checkpointsOf(out) }).toEqual({ code: 1, kept: '0 of 1 kept elsewhere agree' });
  });
});

describe('a verifier key that is none', () => {
  it.each(['--key', '--witness'])('given with %s, is told in one line', async (option) => {
    await write(1);
    const key = (await sallyport('audit', 'key', '--data', data)).out;
    for (const bad of ['nonsense', key.slice(0, -1), key.replace('demo', 'prod'), '']) {
      const error = `sallyport: ${option} takes verifier keys, each whole: \`name+id+key\``;
      expect(await verify(option, bad)).toEqual({ code: 2, out: '', error });
      expect(await verify(option, key, bad)).toMatchObject({ code: 2, error });
    }
    expect(await verify(option, key)).toMatchObject({ code: 0, error: '' });
  });
});

describe('a kept checkpoint for `audit consistency`', () => {
  it('that is none, or not there, is told in one line', async () => {
    await write(1);
    for (const file of [keep('nonsense'), join(data, 'nowhere')]) {
      const error = `sallyport: \`${file}\` is no checkpoint of this log, or cannot be read`;
      expect(await sallyport('audit', 'consistency', file, '--data', data)).toEqual({ code: 2, out: '', error });
    }
  });
});
