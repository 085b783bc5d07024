import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalKeyRing, openState, type State } from '../state/index.ts';
import { createDataDirectory, type DataDirectory, toDataDirectory } from './data-directory.ts';
import { type Demo, prepareDemoCredentials, writeDemo } from './first-run.ts';
import { removeTemporaryDirectories, temporaryDirectory } from './gateway.suite.ts';
import { systemClock } from './system-clock.ts';

let directory: DataDirectory;
let state: State;
let prepare: (principals?: readonly string[]) => Promise<Demo['principals']>;

beforeEach(async () => {
  directory = toDataDirectory(temporaryDirectory());
  await createDataDirectory(directory);
  const keyRing = await createLocalKeyRing(directory.keyFile);
  state = await openState({ file: directory.stateFile, keyRing });
  const options = { credentials: state.credentials, keyRing, clock: systemClock, environment: 'demo' };
  prepare = (principals = ['developer', 'titanOnly']) =>
    prepareDemoCredentials(directory, { tenant: 'demo', principals }, options);
});
afterEach(() => state.close());
afterAll(removeTemporaryDirectories);

async function startOnce(): Promise<Demo['principals']> {
  const principals = await prepare();
  const endpoint = 'http://127.0.0.1:8080';
  const demo = { endpoint, adminEndpoint: endpoint, region: 'us-east-1', tenant: 'demo', models: [], principals };
  await writeDemo(directory, demo);
  return principals;
}

describe('the credentials of the demo', () => {
  it('are one of each kind for every principal, known to the store', async () => {
    const principals = await prepare();
    expect(Object.keys(principals)).toEqual(['developer', 'titanOnly']);
    expect(principals.developer?.apiKey).toMatch(/^sp_demo_/);
    const stored = await state.credentials.list();
    expect(stored.map(({ kind, principal }) => `${principal} ${kind}`).sort()).toEqual([
      'developer apiKey',
      'developer sigv4',
      'titanOnly apiKey',
      'titanOnly sigv4',
    ]);
  });

  it('are kept from one start to the next, in a file for the owner alone', async () => {
    const first = await startOnce();
    expect(await prepare()).toEqual(first);
    expect(statSync(directory.demoFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(directory.demoFile, 'utf8')).principals).toEqual(first);
    expect((await prepare(['developer', 'other'])).developer).toEqual(first.developer);
  });

  it.each(['', 'no json', '{"tenant":"demo"}', '{"tenant":"demo","principals":{"developer":{"apiKey":1}}}'])(
    'are made anew where the file holds %j',
    async (content) => {
      const first = await startOnce();
      writeFileSync(directory.demoFile, content);
      const second = await prepare();
      expect(second.developer?.apiKey).toMatch(/^sp_demo_/);
      expect(second.developer?.apiKey).not.toBe(first.developer?.apiKey);
    },
  );

  it('are made anew where one of the pair was revoked, and only for that principal', async () => {
    const first = await startOnce();
    await state.credentials.revoke(first.developer?.accessKeyId ?? '', 1);
    const second = await startOnce();
    expect(second.developer?.accessKeyId).not.toBe(first.developer?.accessKeyId);
    expect(second.titanOnly).toEqual(first.titanOnly);
    await state.credentials.revoke(second.titanOnly?.apiKey.split('_')[2] ?? '', 1);
    expect((await prepare()).titanOnly?.apiKey).not.toBe(second.titanOnly?.apiKey);
  });

  it('are made anew where the key in the file is none of ours', async () => {
    const first = await startOnce();
    const file = readFileSync(directory.demoFile, 'utf8');
    writeFileSync(directory.demoFile, file.replace(first.developer?.apiKey ?? '', 'nonsense'));
    expect((await prepare()).developer?.apiKey).toMatch(/^sp_demo_/);
  });
});
