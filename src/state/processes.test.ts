import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalKeyRing } from './local-key-ring.ts';
import { openState } from './open-state.ts';
import type { State } from './state.ts';
import { cleanUp, newDirectory } from './state-fixture.suite.ts';

const opened: State[] = [];
afterEach(() => {
  for (const state of opened.splice(0)) state.close();
  cleanUp();
});

async function open(directory: string): Promise<State> {
  const keyRing = await createLocalKeyRing(join(directory, 'root.key'));
  const state = await openState({ file: join(directory, 'state.db'), keyRing });
  opened.push(state);
  return state;
}

/** Runs statements in two processes at once, with `state` open in each, and gives what their `said` then is. */
async function inTwoProcesses(directory: string, statements: string): Promise<readonly unknown[]> {
  const script = `import { createLocalKeyRing, openState } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    import { randomBytes } from 'node:crypto';
    import { once } from 'node:events';
    const keyRing = await createLocalKeyRing(${JSON.stringify(join(directory, 'root.key'))});
    const state = await openState({ file: ${JSON.stringify(join(directory, 'state.db'))}, keyRing });
    const said = [];
    process.stderr.write('ready');
    await once(process.stdin, 'data');
    ${statements}
    console.log(JSON.stringify(said));
    process.exit(0);`;
  const children = [1, 2].map(() => spawn(process.execPath, ['--input-type=module', '-e', script]));
  const all = Promise.all(children.map(({ stdout }) => text(stdout)));
  for (const { stderr } of children) expect(String((await once(stderr, 'data'))[0])).toBe('ready');
  for (const { stdin, stderr } of children) {
    stderr.pipe(process.stderr);
    stdin.write('go');
  }
  return (await all).map((line) => JSON.parse(line));
}

describe('two processes at once', () => {
  it('lose no swap of the head: each one that is said to be done is there', async () => {
    const directory = newDirectory();
    const { heads } = await open(directory);
    const statements = `while (said.length < 100) {
      const old = await state.heads.read();
      const count = Number(Buffer.from(old ?? '0').toString());
      if (await state.heads.replace(old, Buffer.from(String(count + 1)))) said.push(count + 1);
    }`;
    const said = await inTwoProcesses(directory, statements);
    expect(said.flat()).toHaveLength(200);
    expect(new Set(said.flat()).size).toBe(200);
    expect(Buffer.from((await heads.read()) ?? []).toString()).toBe('200');
  });

  it('add every record once to the index', async () => {
    const directory = newDirectory();
    const { index } = await open(directory);
    const statements = `const record = { time: 1, type: 'request', requestId: '019ab2c4-7d00-7a5c-9f1e-000000000001',
      tenant: 'bank', principal: String(process.pid), findings: [], segment: 's' };
    while (said.length < 50) {
      const at = await state.index.position();
      if (await state.index.add([{ ...record, index: at }], at, at + 1)) said.push(at + ' ' + record.principal);
    }`;
    const said = (await inTwoProcesses(directory, statements)).flat();
    const listed = await index.list({ limit: 1_000 });
    expect(listed.map((one) => one.index)).toEqual(Array.from({ length: 100 }, (_, n) => 99 - n));
    expect(said.toSorted()).toEqual(listed.map((one) => `${one.index} ${one.principal}`).toSorted());
    expect(await index.position()).toBe(100);
  });

  it('have one key for each subject', async () => {
    const directory = newDirectory();
    const { wrappedKeys } = await open(directory);
    const statements = `for (let n = 0; n < 50; n += 1) {
      const key = { tenant: 'bank', subject: 'subject-' + (n + 100), generation: await state.wrappedKeys.countWrap() };
      const kept = await state.wrappedKeys.createIfAbsent({ ...key, keyId: randomBytes(16), wrapped: randomBytes(400) });
      said.push(Buffer.from(kept.keyId).toString('hex'));
    }`;
    const [one, other] = await inTwoProcesses(directory, statements);
    expect(one).toHaveLength(50);
    expect(other).toEqual(one);
    expect((await wrappedKeys.list()).map(({ keyId }) => Buffer.from(keyId).toString('hex'))).toEqual(one);
  });
});
