import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createRequestId, gatewayOwner } from '../../core/index.ts';
import { createLocalKeyRing, openState } from '../../state/index.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from '../terminal.suite.ts';
import { openRecord } from './record.suite.ts';

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
  {
    await using open = await openRecord(data);
    const act = { kind: 'administration', operator: 'olga', act: 'test', details: {}, time } as const;
    for (let count = 0; count < acts; count += 1) {
      const random = Uint8Array.from({ length: 10 }, () => Math.random() * 256);
      await open.journal.append({ ...act, requestId: createRequestId(time, random) }, gatewayOwner);
    }
    await open.journal.close();
    await open.log.round();
  }
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
    // The directory of a sink that is there and has kept none yet.
    expect(checkpointsOf((await verify('--checkpoint', temporaryDirectory())).out)).toBe(WITHOUT);
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

  it('counts one for more than there is, and takes nothing for one that is none', async () => {
    await write(2);
    const copy = join(temporaryDirectory(), 'copy');
    cpSync(data, copy, { recursive: true });
    const late = keep(await write(1));
    rmSync(data, { recursive: true });
    renameSync(copy, data);
    const { code, out } = await verify('--checkpoint', late);
    expect({ code, kept: checkpointsOf(out) }).toEqual({ code: 1, kept: '0 of 1 kept elsewhere agree' });
    const none = keep('nonsense');
    const error = `sallyport: the checkpoint \`${none}\` cannot be read, or is none`;
    expect(await verify('--checkpoint', none)).toEqual({ code: 2, out: '', error });
  });
});

describe('a log that is not as far as its state', () => {
  it('is damaged where it was cut, put back from a backup or taken away', async () => {
    await write(2);
    const early = join(temporaryDirectory(), 'audit');
    cpSync(join(data, 'audit'), early, { recursive: true });
    await write(2);
    rmSync(join(data, 'audit'), { recursive: true });
    const gone = await verify('--checkpoint', temporaryDirectory());
    expect(gone).toMatchObject({ code: 1, out: expect.stringMatching(/^damaged: 0 entries/) });
    expect(gone.out).toContain('the state has a checkpoint for 4 entries: the log was cut');
    cpSync(early, join(data, 'audit'), { recursive: true });
    const cut = await verify('--checkpoint', temporaryDirectory());
    expect(cut.code).toBe(1);
    expect(cut.out).toContain('the state has a checkpoint for 4 entries: the log was cut');
    expect(checkpointsOf(cut.out)).toBe(WITHOUT);
  });

  it('is taken for whole while its last batch is on its way', async () => {
    await write(2);
    const early = join(temporaryDirectory(), 'audit');
    cpSync(join(data, 'audit'), early, { recursive: true });
    await write(2);
    rmSync(join(data, 'audit'), { recursive: true });
    cpSync(early, join(data, 'audit'), { recursive: true });
    const keyRing = await createLocalKeyRing(join(data, 'keys', 'root.key'));
    const state = await openState({ file: join(data, 'state', 'state.db'), keyRing });
    const [, staged = ''] =
      /"?(staging\/[\w/-]+)"?/.exec(Buffer.from((await state.heads.read()) ?? []).toString()) ?? [];
    state.close();
    mkdirSync(join(data, 'staging', 'staging'), { recursive: true });
    writeFileSync(join(data, 'staging', staged), '');
    expect((await verify('--checkpoint', temporaryDirectory())).code).toBe(0);
  });
});

describe('what is no log', () => {
  it('nor a checkpoint that was kept elsewhere, is the checkpoint of the log', async () => {
    await write(1);
    const path = join(data, 'audit', 'log', 'checkpoint');
    const error = `sallyport: \`${path}\` is of the log itself: name what was kept elsewhere`;
    expect(await verify('--checkpoint', path)).toEqual({ code: 2, out: '', error });
  });

  it('is told from one that is whole', async () => {
    await write(1);
    const key = (await sallyport('audit', 'key', '--data', data)).out;
    for (const wrong of ['nowhere', '.', 'audit/log']) {
      const dir = join(data, wrong);
      const error = `sallyport: ${dir} holds no log: expected the directory \`audit\`, with \`log/checkpoint\` in it`;
      expect(await sallyport('audit', 'verify', '--dir', dir, '--key', key)).toEqual({ code: 2, out: '', error });
    }
  });

  it('is a directory whose keys or state are gone, and nothing new is made there', async () => {
    await write(1);
    rmSync(join(data, 'keys', 'root.key'));
    expect(await verify()).toMatchObject({
      code: 2,
      error: expect.stringContaining('root.key is missing: put it back'),
    });
    expect(readdirSync(join(data, 'keys'))).toEqual([]);
    await write(0).catch(() => {});
    rmSync(join(data, 'state'), { recursive: true });
    expect(await verify()).toMatchObject({ code: 2, error: expect.stringContaining('state.db is missing') });
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
