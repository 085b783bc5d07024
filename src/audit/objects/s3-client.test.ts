import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createS3Client, type S3ClientOptions } from './s3-client.ts';
import { cleanUp, openS3 } from './s3-fixture.suite.ts';

afterEach(async () => {
  vi.unstubAllEnvs();
  await cleanUp();
});

interface Sent {
  readonly hostname: string;
  readonly protocol: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the client would send, just before it does. */
async function requestOf(options: S3ClientOptions, Bucket = 'log'): Promise<Sent> {
  const client = await createS3Client(options);
  const sent = Promise.withResolvers<Sent>();
  client.middlewareStack.add(
    () => async (given) => {
      sent.resolve(given.request as Sent);
      throw new Error('not sent');
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(client.putObject({ Bucket, Key: 'a', Body: Buffer.alloc(5_000_000) })).rejects.toThrow('not sent');
  client.destroy();
  return sent.promise;
}

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

describe('a client of S3', () => {
  it('goes to its region, whatever the environment says', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_USE_DUALSTACK_ENDPOINT', 'true');
    vi.stubEnv('AWS_REGION', 'us-west-2');
    const { hostname, protocol, path, headers } = await requestOf({ region: 'eu-central-1', credentials });
    expect(`${protocol}//${hostname}${path}`).toBe('https://log.s3.eu-central-1.amazonaws.com/a');
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\//);
    expect(headers.Expect).toBeUndefined();
    expect(headers['x-amz-content-sha256']).not.toMatch(/^STREAMING/);
  });

  it('goes where it is told, the bucket in the host or in the path', async () => {
    const endpoint = 'https://s3.internal';
    const inHost = await requestOf({ region: 'eu-central-1', endpoint, credentials });
    expect([inHost.hostname, inHost.path]).toEqual(['log.s3.internal', '/a']);
    const inPath = await requestOf({ region: 'eu-central-1', endpoint, forcePathStyle: true, credentials });
    expect([inPath.hostname, inPath.path]).toEqual(['s3.internal', '/log/a']);
  });

  it('goes to an access point, through an endpoint of the VPC too', async () => {
    const ARN = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/auditors';
    const region = { region: 'eu-central-1', credentials };
    const { hostname, path } = await requestOf(region, ARN);
    expect([hostname, path]).toEqual(['auditors-111122223333.s3-accesspoint.eu-central-1.amazonaws.com', '/a']);
    const endpoint = 'https://accesspoint.vpce-0a1b2c3d.s3.eu-central-1.vpce.amazonaws.com';
    const inside = await requestOf({ ...region, endpoint }, ARN);
    expect(inside.hostname).toBe(`auditors-111122223333.${endpoint.slice('https://'.length)}`);
  });

  it('signs with what a function gives, or with what the environment has', async () => {
    const given = async () => ({ ...credentials, accessKeyId: 'AKIDGIVEN', sessionToken: 'token' });
    const fromFunction = await requestOf({ region: 'eu-central-1', credentials: given });
    expect(fromFunction.headers).toMatchObject({ 'x-amz-security-token': 'token' });
    expect(fromFunction.headers.authorization).toContain('AKIDGIVEN');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    expect((await requestOf({ region: 'eu-central-1' })).headers.authorization).toContain('AKIDENVIRONMENT');
    expect((await requestOf({ region: 'eu-central-1', credentials })).headers.authorization).toContain('AKIDEXAMPLE');
  });

  it('waits for an answer as long as it is told', async () => {
    const { server, client } = await openS3({ requestTimeoutMs: 100 });
    server.fail({ kind: 'delay', ms: 60_000 }, { times: 3 });
    const started = performance.now();
    await expect(client.listObjectsV2({ Bucket: 'log' })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(server.requests).toHaveLength(3);
  });

  it('loads the SDK when it is made, and not before', () => {
    const room = JSON.stringify(import.meta.dirname);
    const script = `
      import { createRequire } from 'node:module';
      import { join } from 'node:path';
      const { cache } = createRequire(join(${room}, 'x.js'));
      const isLoaded = () => Object.keys(cache).some((name) => name.includes(join('@aws-sdk', 'client-s3')));
      await import(join(${room}, 's3-object-store.ts'));
      const { createS3Client } = await import(join(${room}, 's3-client.ts'));
      const before = isLoaded();
      await createS3Client({ region: 'eu-central-1' });
      console.log(before, isLoaded());`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname),
    });
    expect(String(said).trim()).toBe('false true');
  });
});
