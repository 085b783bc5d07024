import { S3 } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { type S3Server, type S3ServerOptions, startS3Server } from './s3-server.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

const place = { Bucket: 'log', Key: 'a' };
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** A server, a client of it, and one that puts no checksums of its own. */
async function open(options: S3ServerOptions = {}) {
  const server: S3Server = await startS3Server(options);
  const config = { region: 'eu-central-1', endpoint: server.url, forcePathStyle: true, credentials };
  const [client, bare] = [new S3(config), new S3({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' })];
  closings.push(
    () => server.close(),
    () => client.destroy(),
    () => bare.destroy(),
  );
  return { server, client, bare };
}

/** What S3 documents that it does, where a store that is wrong about it would lose or unlock something. */
describe('the server that stands for S3', () => {
  it('refuses what arrived otherwise than it was sent', async () => {
    const { server, client } = await open();
    const ChecksumSHA256 = Buffer.alloc(32).toString('base64');
    await expect(client.putObject({ ...place, Body: 'x', ChecksumSHA256 })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    expect(server.bucket.objects.size).toBe(0);
  });

  it('puts a version above another, and shows the former when the latter is removed', async () => {
    const { server, client } = await open();
    await client.putObject({ ...place, Body: 'one' });
    const { VersionId } = await client.putObject({ ...place, Body: 'two' });
    expect(server.bucket.objects.get('a')).toHaveLength(2);
    await client.deleteObject({ ...place, VersionId });
    expect(await (await client.getObject(place)).Body?.transformToString()).toBe('one');
  });

  it('marks as deleted what is deleted without a version, locked or not', async () => {
    const { server, client } = await open();
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(Date.now() + 60_000) } as const;
    const { VersionId } = await client.putObject({ ...place, ...lock, Body: 'x', ChecksumAlgorithm: 'SHA256' });
    await client.deleteObject(place);
    await expect(client.getObject(place)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.headObject(place)).rejects.toMatchObject({ name: 'NotFound' });
    await expect(client.deleteObject({ ...place, VersionId })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(server.bucket.objects.get('a')).toHaveLength(2);
    await client.putObject({ ...place, Body: 'another', IfNoneMatch: '*' });
  });

  it('takes a lock only with both of its headers, on what certainly arrived', async () => {
    const { client, bare } = await open();
    const [ObjectLockMode, until] = ['GOVERNANCE', new Date(Date.now() + 60_000)] as const;
    const faulty = [
      { ObjectLockMode, ChecksumAlgorithm: 'SHA256' },
      { ObjectLockRetainUntilDate: until, ChecksumAlgorithm: 'SHA256' },
    ] as const;
    for (const lock of faulty) {
      await expect(client.putObject({ ...place, ...lock, Body: 'x' })).rejects.toMatchObject({
        name: 'InvalidArgument',
      });
    }
    const lock = { ObjectLockMode, ObjectLockRetainUntilDate: until };
    await expect(bare.putObject({ ...place, ...lock, Body: 'x' })).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('puts on a condition', async () => {
    const { client } = await open();
    await expect(client.putObject({ ...place, Body: 'x', IfMatch: '"e"' })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    const { ETag } = await client.putObject({ ...place, Body: 'x', IfNoneMatch: '*' });
    const failed = { name: 'PreconditionFailed' };
    await expect(client.putObject({ ...place, Body: 'y', IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    await client.putObject({ ...place, Body: 'y', IfMatch: ETag });
    await expect(client.putObject({ ...place, Body: 'z', IfMatch: ETag })).rejects.toMatchObject(failed);
    expect(await client.headObject(place)).toMatchObject({ ContentLength: 1 });
  });

  it('answers what it does not know with a refusal', async () => {
    const { client } = await open();
    await expect(client.headBucket({ Bucket: 'log' })).rejects.toThrow();
    await expect(client.createBucket({ Bucket: 'log' })).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    await expect(client.getObject({ ...place, Bucket: 'other' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('cuts a list into pages', async () => {
    const { server, client } = await open({ pageSize: 2 });
    for (const key of ['c', 'a', 'b']) server.bucket.put(key, Buffer.of(1), {});
    const first = await client.listObjectsV2({ Bucket: 'log' });
    expect(first).toMatchObject({ IsTruncated: true, Contents: [{ Key: 'a' }, { Key: 'b' }] });
    const next = await client.listObjectsV2({ Bucket: 'log', ContinuationToken: first.NextContinuationToken });
    expect(next).toMatchObject({ IsTruncated: false, Contents: [{ Key: 'c' }] });
  });
});
