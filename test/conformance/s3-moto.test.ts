import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itStoresObjects } from '../../src/audit/objects/object-store.suite.ts';
import { createS3Client } from '../../src/audit/objects/s3-client.ts';
import { createS3ObjectStore } from '../../src/audit/objects/s3-object-store.ts';
import { findMoto, type Moto, startMoto } from '../../tools/moto/moto.ts';

const place = await findMoto();
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const DAY_MS = 86_400_000;
const clock = { now: () => Date.now() };

let moto: Moto | undefined;
let endpoint = '';
beforeAll(async () => {
  if ('reason' in place) return;
  moto = await startMoto(place);
  endpoint = moto.endpoint;
});
afterAll(() => moto?.stop());

async function openBucket({ isLocking = false } = {}) {
  const client = await createS3Client({ region: 'eu-central-1', endpoint, forcePathStyle: true, credentials });
  const bucket = `log-${randomUUID()}`;
  await client.createBucket({
    Bucket: bucket,
    ObjectLockEnabledForBucket: isLocking,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  });
  const options = { client, bucket, prefix: 'gateway/', clock };
  return { client, bucket, options };
}

describe.skipIf('reason' in place)('an object store in the S3 of moto', () => {
  describe('in a bucket that is versioned and locks', () => {
    itStoresObjects(async () => {
      const { options } = await openBucket({ isLocking: true });
      const retention = { mode: 'COMPLIANCE', days: 365 } as const;
      return [createS3ObjectStore({ ...options, retention }), createS3ObjectStore({ ...options, retention })];
    });
  });

  describe('in a bucket that is neither', () => {
    itStoresObjects(async () => {
      const { options } = await openBucket();
      return [createS3ObjectStore(options), createS3ObjectStore(options)];
    });
  });

  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)('keeps what is locked under %s, and no other', async (mode) => {
    const { client, bucket, options } = await openBucket({ isLocking: true });
    const store = createS3ObjectStore({ ...options, retention: { mode, days: 30 } });
    await store.create('tile/0', Buffer.from('x'), { isLocked: true });
    await store.create('tile/0.p/1', Buffer.from('x'), { isLocked: false });
    await expect(store.remove('tile/0')).rejects.toMatchObject({ name: 'ObjectKeptError' });
    expect(await store.read('tile/0')).toEqual(new Uint8Array(Buffer.from('x')));
    await store.remove('tile/0.p/1');
    expect(await store.read('tile/0.p/1')).toBeUndefined();
    const head = await client.headObject({ Bucket: bucket, Key: 'gateway/tile/0' });
    expect(head.ObjectLockMode).toBe(mode);
    const days = ((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / DAY_MS;
    expect(Math.abs(days - 30)).toBeLessThan(0.01);
  });

  it('keeps what is held until it is not', async () => {
    const { options } = await openBucket({ isLocking: true });
    const store = createS3ObjectStore(options);
    await store.create('segments/a', Buffer.from('x'), { isLocked: true });
    await store.setHold('segments/a', 'on');
    await expect(store.remove('segments/a')).rejects.toMatchObject({ name: 'ObjectKeptError' });
    await store.setHold('segments/a', 'off');
    await store.remove('segments/a');
    expect(await store.read('segments/a')).toBeUndefined();
  });

  // Moto forgets the lock of an upload in parts; our own server keeps it.
  it('puts what is large in parts, once', async () => {
    const { options } = await openBucket({ isLocking: true });
    const store = createS3ObjectStore(options);
    const bytes = Buffer.alloc(17 * 1024 * 1024, 'large');
    await store.create('segments/a', bytes, { isLocked: true });
    await store.create('segments/a', bytes, { isLocked: true });
    await expect(store.create('segments/a', Buffer.from('x'), { isLocked: true })).rejects.toMatchObject({
      name: 'LogConflictError',
    });
    expect(Buffer.compare((await store.read('segments/a')) ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it('is encrypted under the key that was named', async () => {
    const { client, bucket, options } = await openBucket();
    const kmsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/0000-1111';
    await createS3ObjectStore({ ...options, kmsKeyId }).create('a', Buffer.from('x'), { isLocked: true });
    await createS3ObjectStore(options).create('b', Buffer.from('x'), { isLocked: true });
    const head = (name: string) => client.headObject({ Bucket: bucket, Key: `gateway/${name}` });
    expect(await head('a')).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId });
    expect(await head('b')).toMatchObject({ ServerSideEncryption: 'AES256' });
  });
});
