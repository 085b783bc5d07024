import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { freePort } from '../../tools/free-port.ts';

const script = resolve(import.meta.dirname, '../../tools/package/container.ts');
const NOBODY = 65_532;
const SET_UP_MS = 120_000;
const run = promisify(execFile);

describe.skipIf(process.platform !== 'linux')("the container's tree", () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-container-'));
  const [context, data] = [join(root, 'context'), join(root, 'data')];
  const tree = join(context, 'tree');
  const configuration = join(root, 'configuration');
  let [port, listen] = [0, ''];
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeAll(async () => {
    port = await freePort();
    listen = `{ port: ${port}, adminPort: ${await freePort()}, tls: { ephemeral: true } }`;
    mkdirSync(configuration);
    writeFileSync(join(configuration, 'sallyport.yaml'), `${demoConfigText}\nlisten: ${listen}\n`, { mode: 0o600 });
    await run(process.execPath, [script, '--out', context, '--config', configuration]);
    chmodSync(root, 0o755);
    mkdirSync(data);
    chmodSync(data, 0o777);
  }, SET_UP_MS);

  it('is started as the image starts it, with a configuration and a certificate of its own, by a user who may write nothing', async () => {
    const configFile = join(context, 'etc/sallyport.yaml');
    const isRoot = process.getuid?.() === 0;
    const command = entryPoint(tree);
    const child = spawn(process.execPath, [...command, '--config', configFile], {
      cwd: tree,
      env: { NODE_ENV: 'production', SALLYPORT_DATA: join(data, 'gateway') },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const environment = { SALLYPORT_READY_URL: `https://127.0.0.1:${port}/readyz` };
    const isHealthy = () =>
      run(process.execPath, [join(tree, 'healthcheck.mjs')], { env: environment }).then(
        () => true,
        () => false,
      );
    const limit = performance.now() + 20_000;
    while (!(await isHealthy())) {
      if (child.exitCode !== null || performance.now() > limit) throw new Error(`it did not start:\n${output}`);
      await pause(50);
    }
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await isHealthy()).toBe(false);
  });

  it('has an account of what it is made of, and no tests or types', () => {
    const sbom = JSON.parse(readFileSync(join(tree, 'sbom.cdx.json'), 'utf8'));
    const names = sbom.components.map(({ name }: { name: string }) => name);
    expect(names).toContain('libsql');
    expect(names).not.toContain('vitest');
  });
});

/** The arguments of the Dockerfile's ENTRYPOINT, with the image's place for the tree's. */
function entryPoint(tree: string): readonly string[] {
  const text = readFileSync(join(tree, '../Dockerfile'), 'utf8');
  const [, list = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(text) ?? [];
  const [node, ...args]: string[] = JSON.parse(list);
  expect(node).toBe('node');
  return args.map((arg) => arg.replace('/opt/sallyport', tree));
}
