import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuthorizer } from '../../src/access/index.ts';
import { createS3LogSource } from '../../src/audit/index.ts';
import { callerOf, cleanUp } from '../../src/audit/journal/journal-fixture.suite.ts';
import {
  keyOf,
  loggedOf,
  openScene,
  recordCall,
  STRANGER,
  toBatch,
} from '../../src/audit/reconcile/reconcile-fixture.suite.ts';
import { createRoleAssumer } from '../../src/aws/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import { type BedrockConfig, toTenantSessions } from '../../src/server/roles/tenant-sessions.ts';
import { findMoto, type Moto, startMoto } from '../../tools/moto/moto.ts';

const place = await findMoto();
const region = 'eu-central-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

let moto: Moto | undefined;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  if ('directory' in place) moto = await startMoto(place);
});
afterEach(cleanUp);
afterAll(() => {
  vi.unstubAllEnvs();
  moto?.stop();
});
const settings = () => ({ region, endpoint: moto?.endpoint ?? '', credentials });

/** A bucket of moto with batches as Bedrock delivers them, and what reads it. */
async function deliver(bucket: string, batches: Readonly<Record<string, Buffer>>) {
  const s3 = new S3({ ...settings(), forcePathStyle: true });
  await s3.createBucket({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } });
  for (const [key, Body] of Object.entries(batches)) {
    const packed = key.endsWith('.gz') ? { ContentType: 'application/json', ContentEncoding: 'gzip' } : {};
    await s3.putObject({ Bucket: bucket, Key: `bedrock/${key}`, Body, ...packed });
  }
  return createS3LogSource({
    bucket,
    prefix: 'bedrock/',
    region,
    endpoint: moto?.endpoint ?? '',
    forcePathStyle: true,
  });
}

describe.skipIf('reason' in place)('the invocation log in a bucket of moto', () => {
  it('is read batch by batch, packed as AWS packs it, without the bodies beside', async () => {
    const scene = await openScene(async (open) => {
      for (const n of [0, 1, 2]) await recordCall(open, n);
    });
    const source = await deliver('invocations', {
      [keyOf('a.json.gz')]: toBatch([loggedOf(0), loggedOf(1)]),
      [keyOf('b.json.gz', '2025/11/24/17')]: toBatch([loggedOf(9, { arn: STRANGER })]),
      [keyOf('data/body.json.gz')]: Buffer.from('neither packed nor read'),
      'amazon-bedrock-logs-permission-check': Buffer.from(''),
    });
    const { counts, bypassed, missing } = await scene.reconcile(source);
    expect(counts).toMatchObject({ logged: 3, matched: 2, differences: 0 });
    expect(bypassed).toMatchObject([{ arn: STRANGER }]);
    expect(missing).toMatchObject([{ providerRequestId: 'aws-2' }]);
  });

  it('names sessions as the gateway does, whatever a tenant is called', async () => {
    const names = ['Bank-One', 'e_u', 'acme'];
    const sessions = await sessionsOf(names);
    const scene = await openScene(async (open) => {
      for (const [n, name] of names.entries()) await recordCall(open, n, { asked: { caller: callerOf('app', name) } });
    });
    const calls = (arns: readonly string[]) => arns.map((arn, n) => loggedOf(n, { arn }));
    const own = await deliver('sessions', { [keyOf('a.json.gz')]: toBatch(calls(sessions)) });
    expect(await scene.reconcile(own)).toMatchObject({ counts: { matched: 3, differences: 0, bypassed: 0 } });
    const turned = [...sessions.slice(1), ...sessions.slice(0, 1)];
    const others = await deliver('others', { [keyOf('a.json.gz')]: toBatch(calls(turned)) });
    const { differences } = await scene.reconcile(others);
    expect(differences.map(({ kind }) => kind)).toEqual(['tenant', 'tenant', 'tenant']);
    const elsewhere = await scene.reconcile(own, { environment: 'prod' });
    expect(elsewhere.differences.map(({ kind }) => kind)).toEqual(Array(3).fill('environment'));
  });
});

/** The ARNs under which AWS knows the sessions that the gateway assumes for tenants of these names. */
async function sessionsOf(names: readonly string[]): Promise<readonly string[]> {
  const config = parseConfig(configText(names), { path: '/etc/sallyport.yaml' });
  const [entry] = config.providers;
  const assumer = createRoleAssumer({ endpoint: moto?.endpoint ?? '' });
  const sessions = toTenantSessions(config, entry as BedrockConfig, createAuthorizer(config));
  const arns: string[] = [];
  for (const { sessionName, tags, policy } of sessions) {
    const roleArn = 'arn:aws:iam::111122223333:role/tenants/one';
    const session = { roleArn, sessionName, tags, policy: policy('111122223333'), durationSeconds: 3_600 };
    const assumed = await assumer.assume(session, region);
    const { Arn = '' } = await new STS({ ...settings(), credentials: assumed }).getCallerIdentity({});
    arns.push(Arn);
  }
  assumer.destroy();
  return arns;
}

const configText = (names: readonly string[]) => `
version: 1
environment: test
region: ${region}
providers: [{ name: bedrock, kind: bedrock, region: ${region}, roles: {} }]
models: [{ id: "amazon.nova-lite-v1:0", provider: bedrock }]
tenants:
${names.map((name) => `  - { name: ${name}, role: { env: ROLE }, principals: [{ name: app }] }`).join('\n')}
policies:
  - name: main.cedar
    cedar: permit (principal, action, resource);
`;
