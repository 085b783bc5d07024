import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../../tools/s3-server.ts';
import { requestIdOf, writeRecord } from './audit/record.suite.ts';
import { configFile, removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

const DAY = ['--from', '2026-01-02', '--until', '2026-01-03'];
const STRANGER = 'arn:aws:sts::111122223333:assumed-role/dev/mallory';

/** A record as Bedrock writes it. */
const logged = (given: object = {}) =>
  JSON.stringify({
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: '2026-01-02T03:04:05Z',
    accountId: '111122223333',
    region: 'eu-central-1',
    requestId: 'aws-1',
    operation: 'Converse',
    modelId: 'amazon.nova-lite-v1:0',
    identity: { arn: 'arn:aws:sts::111122223333:assumed-role/gateway/i-1' },
    requestMetadata: { 'sallyport-request-id': requestIdOf(0) },
    input: { inputBodyJson: { messages: ['a prompt'] } },
    ...given,
  });

describe('sallyport reconcile', () => {
  let data: string;
  let config: string;
  let server: S3Server;
  beforeAll(async () => {
    data = temporaryDirectory();
    // What is recorded of the simulator is taken for Bedrock's here.
    config = configFile((text) => text.replace('kind: simulator', 'kind: bedrock, region: eu-central-1'));
    await writeRecord(data, 'demo');
    server = await startS3Server({ bucket: 'invocations' });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  });
  afterAll(async () => {
    await server.close();
    removeTemporaryDirectories();
  });

  const reconcile = (...words: readonly string[]) =>
    sallyport('reconcile', ...words, '--data', data, '--config', config);

  function directoryOf(...lines: readonly string[]): string {
    const directory = join(temporaryDirectory(), 'log');
    mkdirSync(directory);
    writeFileSync(join(directory, 'a.json'), lines.join('\n'));
    return directory;
  }

  it('exits with 0 where the records agree, and says what it cannot see', async () => {
    const { code, out } = await reconcile(directoryOf(logged()), ...DAY);
    expect(code).toBe(0);
    expect(out).toContain(
      '2026-01-02T00:00:00.000Z until 2026-01-03T00:00:00.000Z\n  logged      1  by AWS, in 1 files',
    );
    expect(out).toMatch(/matched +1\n +bypassed +0/);
    expect(out).toContain('Not seen by this:\n  calls to bedrock-mantle');
    expect(out).not.toMatch(/malformed|too recent|Did not pass/);
  });

  it('exits with 1 and lists what did not pass the gateway, of which nothing can steer the terminal', async () => {
    const hostile = logged({
      requestId: 'x\u001b[2J',
      identity: { arn: STRANGER },
      errorCode: 'E\n',
      requestMetadata: {},
    });
    const { code, out } = await reconcile(
      directoryOf(logged(), hostile, logged({ requestId: 'y', requestMetadata: {} })),
      ...DAY,
      '--limit',
      '1',
    );
    expect(code).toBe(1);
    expect(out).toMatch(/Did not pass the gateway:\n.*Converse +amazon.nova-lite-v1:0 +eu-central-1/);
    expect(out).toContain('  and 1 more (--limit)');
    const all = await reconcile(directoryOf(logged(), hostile), ...DAY);
    expect(all.out).toContain(STRANGER);
    expect(all.out).toContain('x\\u001b[2J');
    expect(all.out).not.toMatch(/\u001b|prompt/);
  });

  it('tells of forged ids, and prints all of it as JSON', async () => {
    const forged = logged({ requestId: 'z', identity: { arn: STRANGER } });
    const log = directoryOf(logged({ modelId: 'amazon.nova-pro-v1:0' }), forged);
    expect((await reconcile(log, ...DAY)).out).toMatch(/Told differently:\nclaimed .*\nmodel /);
    const { code, out, error } = await reconcile(log, ...DAY, '--json');
    expect([code, error]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({
      from: Date.UTC(2026, 0, 2),
      counts: { logged: 2, recorded: 1, matched: 1, differences: 2 },
      differences: [{ kind: expect.any(String) }, { kind: expect.any(String) }],
      blindSpots: expect.arrayContaining([expect.stringContaining('bedrock-mantle')]),
    });
  });

  it('exits with 2 where part of the log could not be read', async () => {
    const { code, out, error } = await reconcile(directoryOf(logged(), '{', '{}'), ...DAY);
    expect([code, error]).toEqual([2, 'sallyport: part of the invocation log could not be read']);
    expect(out).toMatch(/malformed +1 .*\n +unknown +1 /);
    expect(await reconcile('/absent', ...DAY)).toMatchObject({
      code: 2,
      error: 'sallyport: the invocation log cannot be read (ENOENT)',
    });
  });

  it('looks at the last day unless it is told, and misses nothing of the last minutes', async () => {
    const now = new Date().toISOString();
    const recent = logged({ timestamp: now, requestId: 'new', requestMetadata: {} });
    const { code, out } = await reconcile(
      directoryOf(recent),
      '--until',
      '2100-01-01',
      '--from',
      '2026-01-03',
      '--grace',
      '2h',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/too recent +1/);
    expect((await reconcile(directoryOf(recent), '--grace', '90s')).out).toMatch(/logged +1 .*\n +recorded +0/);
    expect(
      (await reconcile(directoryOf(recent), '--until', '2100-01-01', '--from', '2026-01-03', '--grace', '0s')).code,
    ).toBe(1);
  });

  it('reads a bucket', async () => {
    const place = ['--endpoint', server.url, '--path-style', '--bucket-region', 'eu-central-1', ...DAY];
    const account = ['--account', '111122223333', '--region', 'eu-central-1', '--bucket-owner', '111122223333'];
    server.bucket.put(
      'AWSLogs/111122223333/BedrockModelInvocationLogs/eu-central-1/2026/01/02/03/a.json',
      Buffer.from(logged()),
      {},
    );
    server.bucket.put(
      'p/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-central-1/2026/01/02/03/a.json',
      Buffer.from(logged({ requestMetadata: {} })),
      {},
    );
    expect((await reconcile('s3://invocations', ...place, ...account)).code).toBe(0);
    const below = await reconcile('s3://invocations/p', ...place);
    expect([below.code, below.out]).toEqual([1, expect.stringContaining('aws-1')]);
    expect((await reconcile('s3://invocations/p/', ...place)).out).toBe(below.out);
    expect(await reconcile('s3://absent', ...place)).toMatchObject({
      code: 2,
      error: expect.stringContaining('the bucket `absent` cannot be read'),
    });
  });

  it.each([
    ['s3://no_bucket', ...DAY],
    ['.', '--from', '2026-01-02', '--until', '2026-01-02'],
    ['.', '--grace', '15'],
    ['.', '--grace', '5d'],
    ['.', '--account', '1'],
    ['.', '--region', 'x y'],
    ['.', '--limit', '0'],
    ['.', '--endpoint', 'http://example.com'],
  ])('refuses %s %s %s %s', async (...words) => {
    expect(await reconcile(...words)).toMatchObject({ code: 2, out: '' });
  });

  it('says on the way how far it is', async () => {
    const directory = directoryOf(logged());
    for (let n = 0; n < 1_000; n += 1) writeFileSync(join(directory, `${n}.json`), '');
    expect((await reconcile(directory, ...DAY)).error).toBe('1000 files of the invocation log');
  });
});
