import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, describe, expect, it } from 'vitest';
import { type Credential, type KeyRing, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { itStoresCredentials } from './credential-store.suite.ts';
import { itStoresHeads } from './head-store.suite.ts';
import { itStoresHolds } from './hold-store.suite.ts';
import { createLocalKeyRing } from './local-key-ring.ts';
import { openState } from './open-state.ts';
import { itIndexesRecords } from './record-index.suite.ts';
import type { State } from './state.ts';
import { StateError } from './state-error.ts';
import { cleanUp, newDirectory } from './state-fixture.suite.ts';
import { itStoresWrappedKeys } from './wrapped-key-store.suite.ts';

const opened: State[] = [];
afterEach(() => {
  for (const state of opened.splice(0)) state.close();
  cleanUp();
});

async function open(directory: string, keyRing?: KeyRing): Promise<State> {
  const ring = keyRing ?? (await createLocalKeyRing(join(directory, 'root.key')));
  const state = await openState({ file: join(directory, 'state.db'), keyRing: ring });
  opened.push(state);
  return state;
}

async function openTwice(): Promise<readonly [State, State]> {
  const directory = newDirectory();
  return [await open(directory), await open(directory)];
}

const credential: Credential = {
  id: 'needle-in-the-file',
  kind: 'apiKey',
  tenant: parseTenantId('bank'),
  principal: parsePrincipalId('teller-app'),
  secret: Buffer.from('secret-in-the-file'),
  createdAt: 1,
};

describe("the log's head in the state file", () => {
  itStoresHeads(async () => {
    const [one, other] = await openTwice();
    return [one.heads, other.heads];
  });
});

describe('legal holds in the state file', () => {
  itStoresHolds(async () => {
    const [one, other] = await openTwice();
    return [one.holds, other.holds];
  });
});

describe('the record index in the state file', () => {
  itIndexesRecords(async () => {
    const [one, other] = await openTwice();
    return [one.index, other.index];
  });
});

describe('credentials in the state file', () => {
  itStoresCredentials(async () => {
    const [one, other] = await openTwice();
    return [one.credentials, other.credentials];
  });
});

describe('wrapped keys in the state file', () => {
  itStoresWrappedKeys(async () => {
    const [one, other] = await openTwice();
    return [one.wrappedKeys, other.wrappedKeys];
  });
});

/** Runs statements in another process, with `state` open on the directory, and kills it once they are done. */
function inAnotherProcess(directory: string, statements: string): string {
  const door = JSON.stringify(join(import.meta.dirname, 'index.ts'));
  const script = `import { createLocalKeyRing, openState } from ${door};
    const directory = ${JSON.stringify(directory)};
    const keyRing = await createLocalKeyRing(directory + '/root.key');
    const state = await openState({ file: directory + '/state.db', keyRing });
    ${statements}
    process.kill(process.pid, 'SIGKILL');`;
  const { stdout, stderr, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(signal, String(stderr)).toBe('SIGKILL');
  return String(stdout);
}

/** Makes a credential in a process that ends in order, which takes away the log of a database that nobody has open. */
function createElsewhere(directory: string, id: string): void {
  const script = `
    const { createLocalKeyRing, openState } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
    const keyRing = await createLocalKeyRing(${JSON.stringify(join(directory, 'root.key'))});
    const state = await openState({ file: ${JSON.stringify(join(directory, 'state.db'))}, keyRing });
    await state.credentials.create({ id: '${id}', kind: 'apiKey', tenant: 'bank', principal: 'app', secret: new Uint8Array(1), createdAt: 1 });
    state.close();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(status, String(stderr)).toBe(0);
}

describe('the state file', () => {
  it('is seen by all of a process that has it open more than once, however often another has it open too', async () => {
    const directory = newDirectory();
    const states = [await open(directory), await open(directory)];
    for (const id of ['one', 'two', 'three']) {
      createElsewhere(directory, id);
      for (const { credentials } of states) expect((await credentials.find(id))?.id).toBe(id);
    }
  });

  it('shows a write of this process to another, and the write of one that was killed to this', async () => {
    const directory = newDirectory();
    const { credentials, heads, index, holds } = await open(directory);
    await credentials.create(credential);
    expect(await credentials.find(credential.id)).toMatchObject({ id: credential.id });
    const said = inAnotherProcess(
      directory,
      `console.log((await state.credentials.find('${credential.id}')).principal);
       await state.credentials.revoke('${credential.id}', 42);
       await state.heads.replace(undefined, new Uint8Array(300_000).fill(7));
       await state.index.add([], 0, 5);
       await state.holds.place({ tenant: 'bank', since: 6 });`,
    );
    expect(said).toBe('teller-app\n');
    expect((await credentials.find(credential.id))?.revokedAt).toBe(42);
    expect(await heads.read()).toStrictEqual(new Uint8Array(300_000).fill(7));
    expect(await index.position()).toBe(5);
    expect(await holds.list()).toStrictEqual([{ tenant: 'bank', since: 6 }]);
  });

  it('keeps what it has when it is closed and opened again', async () => {
    const directory = newDirectory();
    const first = await open(directory);
    await first.credentials.create(credential);
    await first.heads.replace(undefined, Uint8Array.of(1, 2));
    first.close();
    await expect(first.credentials.find(credential.id)).rejects.toThrow('not open');
    const second = await open(directory);
    expect(await second.credentials.find(credential.id)).toMatchObject({ id: credential.id });
    expect(await second.heads.read()).toStrictEqual(Uint8Array.of(1, 2));
  });

  it('is for its owner alone and holds nothing that can be read', async () => {
    const directory = newDirectory();
    const { credentials } = await open(directory);
    await credentials.create(credential);
    const files = readdirSync(directory).filter((name) => name.startsWith('state.db'));
    expect(files).toContain('state.db-wal');
    for (const name of files) {
      expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
      const bytes = readFileSync(join(directory, name));
      for (const text of ['SQLite format', 'needle', 'secret', 'teller', 'credentials']) {
        expect(bytes.includes(text), `${text} in ${name}`).toBe(false);
      }
    }
  });

  it('cannot be opened with another key, and takes no harm from the attempt', async () => {
    const directory = newDirectory();
    const first = await open(directory);
    await first.credentials.create(credential);
    first.close();
    const stranger: KeyRing = { derive: () => new Uint8Array(32) };
    await expect(open(directory, stranger)).rejects.toThrow(
      new StateError('the state file cannot be opened with this key'),
    );
    const { credentials } = await open(directory);
    expect(await credentials.list()).toHaveLength(1);
  });

  it('cannot be opened where it is no state file', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'state.db'), 'not a state file'.repeat(1000));
    await expect(open(directory)).rejects.toThrow(StateError);
    await expect(open(join(directory, 'missing'), { derive: () => new Uint8Array(32) })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('is not made behind a link to nowhere, where others could read it', async () => {
    const directory = newDirectory();
    symlinkSync(join(directory, 'elsewhere'), join(directory, 'state.db'));
    await expect(open(directory)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(directory)).not.toContain('elsewhere');
  });

  it('cannot be opened where a newer version wrote it', async () => {
    const directory = newDirectory();
    const keyRing = await createLocalKeyRing(join(directory, 'root.key'));
    (await open(directory, keyRing)).close();
    const options = { timeout: 0, encryptionKey: Buffer.from(keyRing.derive('state')).toString('hex') };
    const database = new Database(join(directory, 'state.db'), options);
    database.exec('PRAGMA user_version = 1000');
    database.close();
    await expect(open(directory, keyRing)).rejects.toThrow('newer version');
  });

  it('waits for the write of another process', async () => {
    const directory = newDirectory();
    const { credentials } = await open(directory);
    const options = {
      timeout: 0,
      encryptionKey: Buffer.from((await createLocalKeyRing(join(directory, 'root.key'))).derive('state')).toString(
        'hex',
      ),
    };
    // The wait blocks this thread, so what is waited for is held by another process.
    const script = `const Database = require('libsql');
      const database = new Database(${JSON.stringify(join(directory, 'state.db'))}, ${JSON.stringify(options)});
      database.exec('BEGIN IMMEDIATE');
      require('node:fs').writeFileSync(${JSON.stringify(join(directory, 'held'))}, '');
      setTimeout(() => database.exec('COMMIT'), 300);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: import.meta.dirname, stdio: 'inherit' });
    await expect.poll(() => readdirSync(directory)).toContain('held');
    const before = performance.now();
    await credentials.create(credential);
    expect(performance.now() - before).toBeGreaterThan(50);
    await new Promise((resolve) => child.once('close', resolve));
  });
});
