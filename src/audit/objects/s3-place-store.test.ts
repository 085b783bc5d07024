import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../log/contracts.ts';
import { BucketError } from './bucket-error.ts';
import { itStoresObjects } from './object-store.suite.ts';
import { cleanUp, OWNER, openS3 } from './s3-fixture.suite.ts';
import { createS3PlaceStore } from './s3-place-store.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await cleanUp();
});

const OPEN = { isLocked: false };
const X = Buffer.from('x');

async function openPlace() {
  const { server } = await openS3();
  const own = { bucket: 'log', prefix: 'gateway/', region: 'eu-central-1', endpoint: server.url };
  return { server, place: { ...own, forcePathStyle: true, expectedBucketOwner: OWNER } };
}

async function listed(store: ObjectStore): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of store.list('')) paths.push(path);
  return paths;
}

describe('in a bucket that the configuration names', () => {
  itStoresObjects(async () => {
    const { place } = await openPlace();
    return [createS3PlaceStore(place), createS3PlaceStore(place)];
  });
});

describe('a store at a place in S3', () => {
  it('signs with what the credential chain of the SDK has', async () => {
    const { server, place } = await openPlace();
    await createS3PlaceStore(place).create('a', X, OPEN);
    expect(server.requests[0]?.headers.authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\//);
  });

  it('encrypts under the key that was named, and locks nothing unless told', async () => {
    const { server, place } = await openPlace();
    await createS3PlaceStore({ ...place, kmsKeyId: 'alias/log' }).create('a', X, { isLocked: true });
    expect(server.requests[0]?.headers).toMatchObject({ 'x-amz-server-side-encryption-aws-kms-key-id': 'alias/log' });
    expect(server.bucket.objects.get('gateway/a')?.[0]?.lock).toBeUndefined();
  });

  it('asks for nothing before it is asked', async () => {
    const { server, place } = await openPlace();
    const store = createS3PlaceStore(place);
    store.list('');
    expect(server.requests).toEqual([]);
    await Promise.all([store.read('a'), store.read('b')]);
    expect(server.requests).toHaveLength(2);
  });

  it('says which bucket cannot be read, and what S3 calls it', async () => {
    const { place } = await openPlace();
    const others = createS3PlaceStore({ ...place, expectedBucketOwner: '999900001111' });
    const fault = { name: 'BucketError', message: 'the bucket `log` cannot be read (AccessDenied)' };
    await expect(others.read('a')).rejects.toMatchObject(fault);
    await expect(listed(others)).rejects.toMatchObject(fault);
    await expect(others.create('a', X, OPEN)).rejects.toMatchObject({ cause: { name: 'AccessDenied' } });
  });

  it('says so of a server that is gone, and goes on once it is there again', async () => {
    const { server, place } = await openPlace();
    const store = createS3PlaceStore(place);
    await store.create('a', X, OPEN);
    server.fail({ kind: 'cut', when: 'before' }, { times: 3 });
    await expect(store.read('a')).rejects.toMatchObject({ message: expect.stringMatching(/\((ECONNRESET|EPIPE)\)$/) });
    expect(await store.read('a')).toEqual(Uint8Array.from(X));
    await server.close();
    await expect(listed(store)).rejects.toThrow('the bucket `log` cannot be read (ECONNREFUSED)');
  });
});

describe('what a bucket says of itself', () => {
  it('cannot steer a terminal, and may be nothing', () => {
    const forged = Object.assign(new Error('x'), { name: '\u001b[2JEvil\n', code: 7 });
    expect(new BucketError('log', forged).message).toBe('the bucket `log` cannot be read (2JEvil)');
    expect(new BucketError('log', 'text').message).toBe('the bucket `log` cannot be read (unknown)');
  });
});
