import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Config, ConfigError, loadConfig } from '../../../src/config/index.ts';
import { type DoorKind, loadBalancerIdleSeconds, renderConfig } from './rendered-config.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'sallyport-rendered-'));
  directories.push(made);
  return made;
}

const base = `# Ours.
version: 1
environment: prod
region: eu-central-1
keys: { root: { secretsManager: sallyport/root } } # chosen once
state: { kind: dynamodb, region: eu-central-1, table: sallyport-state, journalTable: sallyport-journal }
audit:
  sequencer: elsewhere
  store: { kind: s3, bucket: acme-log, region: eu-central-1 }
  sinks: [{ name: vault, kind: s3, bucket: acme-vault, region: eu-central-1 }]
providers: [{ name: bedrock, kind: bedrock, region: eu-central-1 }]
models: [{ id: "amazon.nova-lite-v1:0", provider: bedrock }]
tenants: [{ name: bank, principals: [{ name: teller }] }]
policies: [{ file: policies/main.cedar }]
`;

/** A configuration with a policy file, as a user has it. */
function written(more = '', text = base): string {
  const place = directory();
  mkdirSync(join(place, 'policies'));
  writeFileSync(join(place, 'policies/main.cedar'), 'permit (principal, action, resource);');
  const path = join(place, 'sallyport.yaml');
  writeFileSync(path, `${text}${more}`);
  return path;
}

/** What a door reads where the rendered files were put. */
async function readAt(door: DoorKind, path = written()): Promise<Config> {
  const place = directory();
  for (const { path: file, text } of renderConfig({ path, door })) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), text);
  }
  return loadConfig(join(place, 'sallyport.yaml'));
}

describe('a configuration for the container', () => {
  it('listens for the load balancer over TLS, with the policies beside it', async () => {
    const config = await readAt('container', written('frontDoor: { kind: rest }\n'));
    expect(config.listen).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      tls: { ephemeral: true },
      adminHost: '127.0.0.1',
    });
    expect(config.frontDoor).toEqual({ kind: 'port' });
    expect(config.policies).toMatchObject([{ name: 'policies/main.cedar', text: /^permit/ }]);
  });

  it('keeps connections longer than the load balancer does, and those longer than any model call', async () => {
    const { limits } = await readAt('container', written('limits: { upstreamTimeoutMs: 600000, drainMs: 5000 }\n'));
    const ofBalancer = loadBalancerIdleSeconds(limits.upstreamTimeoutMs) * 1_000;
    expect(ofBalancer).toBeGreaterThan(limits.upstreamTimeoutMs);
    expect(limits.idleTimeoutMs).toBeGreaterThan(ofBalancer);
    expect(limits).toMatchObject({ maxConnectionsPerSource: 20_000, drainDelayMs: 15_000, drainMs: 5_000 });
    expect(loadBalancerIdleSeconds(3_600_000)).toBeLessThanOrEqual(4_000);
  });

  it('keeps what else the user wrote, comments too', () => {
    const [file] = renderConfig({ path: written(), door: 'container' });
    expect(file?.text).toContain('# Ours.');
    expect(file?.text).toContain('# chosen once');
  });
});

describe('a configuration for a function', () => {
  it('has its front door, and no port', async () => {
    const config = await readAt('rest', written('listen: { tls: { certificate: { file: c }, key: { file: k } } }\n'));
    expect(config.frontDoor).toMatchObject({ kind: 'rest', transfer: 'stream' });
    expect(config.listen.tls).toBeUndefined();
  });

  it('keeps a door of its kind as the user has it', async () => {
    const config = await readAt('rest', written('frontDoor: { kind: rest, basePath: /models }\n'));
    expect(config.frontDoor).toMatchObject({ kind: 'rest', basePath: '/models' });
  });

  it('says whose sessions are who’s, or is refused', () => {
    expect(() => renderConfig({ path: written(), door: 'rest-iam' })).toThrow('`frontDoor.principals`: missing');
  });

  it('is as it was where no door is in front of it', async () => {
    expect((await readAt('none')).frontDoor).toEqual({ kind: 'port' });
  });
});

describe('what cannot be followed there', () => {
  it('is a secret of this machine', () => {
    const path = written('', base.replace('{ secretsManager: sallyport/root }', '{ env: ROOT }'));
    expect(() => renderConfig({ path, door: 'container' })).toThrow(ConfigError);
    expect(() => renderConfig({ path, door: 'container' })).toThrow('`keys.root` is of an environment or a file');
  });

  it('is a policy file outside the configuration’s directory', () => {
    const path = written('', base.replace('policies/main.cedar', '../main.cedar'));
    writeFileSync(join(dirname(path), '../main.cedar'), 'permit (principal, action, resource);');
    expect(() => renderConfig({ path, door: 'none' })).toThrow(
      'is to be below the configuration’s directory'.replace('’', "'"),
    );
    rmSync(join(dirname(path), '../main.cedar'));
  });
});
