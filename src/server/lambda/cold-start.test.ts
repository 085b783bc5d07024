import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { printVerifierKey, toVerifierKey } from '../../audit/index.ts';
import { configFile, removeTemporaryDirectories } from '../gateway.suite.ts';

afterAll(removeTemporaryDirectories);

const root = resolve(import.meta.dirname, '../../..');

/** What the architecture says is loaded only where it is needed. */
const lazy = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| `.*loaded only where/.test(line))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
  .map((name) => (name.startsWith('client-') ? `@aws-sdk/${name}` : name));

const witness = printVerifierKey(toVerifierKey('witness', randomBytes(32), 'cosignature'));

/** A function that calls a model over HTTP, sends checkpoints to a webhook and asks a witness: nothing of it at the start. */
const config = () =>
  configFile(`
state: { kind: dynamodb, region: us-east-1, table: state, journalTable: journal }
keys: { root: { env: SALLYPORT_ROOT_KEY } }
frontDoor: { kind: rest }
audit:
  sequencer: elsewhere
  store: { kind: s3, bucket: log, region: us-east-1 }
  sinks: [{ name: hook, kind: webhook, url: "https://vault.example/checkpoints" }]
  witnesses: [{ url: "https://witness.example", key: "${witness}" }]
workflow:
  bucket: workflow
  region: us-east-1
  stateMachines:
    - { arn: "arn:aws:states:us-east-1:111122223333:stateMachine:demo", tenant: demo, principal: developer }
`);

/** The packages that a process loads which imports a module of the function's. */
function packagesOf(module: string): readonly string[] {
  const script = `import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({
      load(url, context, next) {
        packages.add(/.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
        return next(url, context);
      },
    });
    globalThis.awslambda = { streamifyResponse: (handler) => handler };
    await import(${JSON.stringify(join(root, 'src/server', module))});
    console.log(JSON.stringify([...packages]));
    process.exit(0);`;
  const env = { SALLYPORT_CONFIG: config(), SALLYPORT_ROOT_KEY: randomBytes(32).toString('base64url') };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env });
  expect(String(stderr)).toBe('');
  return JSON.parse(String(stdout));
}

describe('the start of a function', () => {
  it.each(['lambda.ts', 'lambda/sequencer.ts', 'lambda/steps.ts'])(
    'of %s loads no package before it needs it',
    (module) => {
      expect(lazy).toEqual(
        expect.arrayContaining(['undici', '@aws-sdk/client-dynamodb', '@aws-sdk/client-sts', 'libsql']),
      );
      const packages = packagesOf(module);
      expect(packages).toContain('zod');
      expect(packages.filter((name) => lazy.includes(name))).toEqual([]);
    },
  );
});
