import { createHash } from 'node:crypto';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../log/contracts.ts';
import { itStoresObjects } from './object-store.suite.ts';
import type { S3Requests } from './s3-bucket-store.ts';
import { cleanUp, NOW, OWNER, openS3 } from './s3-fixture.suite.ts';

afterEach(cleanUp);

const X = Buffer.from('x');
const OPEN = { isLocked: false };
const LOCKED = { isLocked: true };
const DAY_MS = 86_400_000;
const retention = { mode: 'COMPLIANCE', days: 365 } as const;
const accessDenied = { name: 'AccessDenied' };
const kept = { name: 'ObjectKeptError', cause: accessDenied };

async function listed(store: ObjectStore, prefix = ''): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of store.list(prefix)) paths.push(path);
  return paths;
}

describe('in a bucket that is versioned and locks', () => {
  itStoresObjects(async () => {
    const { open } = await openS3();
    return [open({ retention }), open({ retention })];
  });
});

describe('in a bucket that is neither', () => {
  itStoresObjects(async () => {
    const { open } = await openS3({ isVersioned: false });
    return [open(), open({ prefix: 'gateway/' })];
  });
});

describe('in parts', () => {
  itStoresObjects(async () => {
    const { open } = await openS3();
    return [open({ retention, partBytes: 100_000 }), open({ partBytes: 20_000 })];
  });

  it('puts what is large, with its lock, its key and the digest of every part', async () => {
    const { server, open } = await openS3();
    const bytes = Buffer.from('abcdefg');
    const store = open({ retention, partBytes: 3, kmsKeyId: 'alias/log' });
    await store.create('segments/a', bytes, LOCKED);
    expect(server.requests.map(({ method, query }) => `${method} ${query.get('partNumber') ?? ''}`)).toEqual([
      'POST ',
      'PUT 1',
      'PUT 2',
      'PUT 3',
      'POST ',
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/log',
    });
    expect(server.requests[2]?.headers).toMatchObject({
      'x-amz-checksum-sha256': createHash('sha256').update('def').digest('base64'),
    });
    expect(server.requests[4]?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(await store.read('segments/a')).toEqual(new Uint8Array(bytes));
    await expect(store.remove('segments/a')).rejects.toMatchObject(kept);
  });

  it('rejects what S3 gives back altered, of which it has no digest to compare', async () => {
    const { server, open } = await openS3();
    const store = open({ partBytes: 1 });
    await store.create('a', Buffer.from('abc'), OPEN);
    server.fail({ kind: 'alter', alter: (reply) => ({ ...reply, body: Buffer.from('abd') }) });
    await expect(store.read('a')).rejects.toThrow('S3 gave other bytes than were put');
  });
});

describe('what is put', () => {
  it('carries its digest, and is encrypted by S3', async () => {
    const { server, client, open } = await openS3();
    const given: unknown[] = [];
    const putObject: S3Requests['putObject'] = async (input: PutObjectCommandInput) => {
      given.push(input.ChecksumSHA256);
      return client.putObject(input);
    };
    const watched: S3Requests = Object.assign(Object.create(client), { putObject });
    await open({ client: watched }).create('tile/0', X, LOCKED);
    // The SDK would take one too, of what it has by then.
    expect(given).toEqual([createHash('sha256').update(X).digest('base64')]);
    expect(server.requests.map(({ method, key }) => [method, key])).toEqual([['PUT', 'gateway/tile/0']]);
    expect(server.requests[0]?.headers).toMatchObject({
      'if-none-match': '*',
      'x-amz-checksum-sha256': createHash('sha256').update(X).digest('base64'),
      'x-amz-server-side-encryption': 'AES256',
    });
  });

  it('is encrypted under the key that was named, with a key for the bucket', async () => {
    const { server, open } = await openS3();
    const kmsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/0000';
    await open({ kmsKeyId }).replace('checkpoint', X, () => true);
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
  });

  it('is locked for its time where it is to be, and nothing else is', async () => {
    const { server, open } = await openS3();
    const store = open({ retention });
    await store.create('tile/0', X, LOCKED);
    await store.create('tile/0.p/1', X, OPEN);
    await store.replace('checkpoint', X, () => true);
    await open().create('tile/1', X, LOCKED);
    const locks = server.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => [
        headers['x-amz-object-lock-mode'],
        Date.parse(String(headers['x-amz-object-lock-retain-until-date'])),
      ]);
    const none = [undefined, Number.NaN];
    expect(locks).toEqual([['COMPLIANCE', NOW + 365 * DAY_MS], none, none, none]);
  });

  it('depends on what was read', async () => {
    const { server, open } = await openS3();
    const store = open();
    await store.replace('checkpoint', Buffer.from('1'), () => true);
    await store.replace('checkpoint', Buffer.from('2'), () => true);
    const conditions = server.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => [headers['if-none-match'], headers['if-match']]);
    const etag = `"${createHash('md5').update('1').digest('hex')}"`;
    expect(conditions).toEqual([
      ['*', undefined],
      [undefined, etag],
    ]);
  });
});

describe('every request', () => {
  it('names the owner that the bucket is to have', async () => {
    const { server, open } = await openS3();
    const store = open({ expectedBucketOwner: OWNER });
    await store.create('a', X, LOCKED);
    await store.setHold('a', 'on');
    await store.setHold('a', 'off');
    await store.replace('b', X, () => true);
    await listed(store);
    await store.remove('a');
    const seen = new Set(server.requests.map(({ method, query }) => [method, ...query.keys()].join(' ')));
    expect(seen.size).toBe(6);
    expect(server.requests.map(({ headers }) => headers['x-amz-expected-bucket-owner'])).toEqual(
      server.requests.map(() => OWNER),
    );
    const strange = open({ expectedBucketOwner: '999999999999' });
    await expect(strange.read('b')).rejects.toMatchObject(accessDenied);
    await expect(strange.create('c', X, OPEN)).rejects.toBeInstanceOf(AggregateError);
  });

  it('is about the bucket: one that is not there is a fault, not a log without objects', async () => {
    const { open } = await openS3();
    const store = open({ bucket: 'other' });
    const noSuchBucket = { name: 'NoSuchBucket' };
    await expect(store.read('a')).rejects.toMatchObject(noSuchBucket);
    await expect(listed(store)).rejects.toMatchObject(noSuchBucket);
    await expect(store.remove('a')).rejects.toMatchObject(noSuchBucket);
    await expect(store.replace('a', X, () => true)).rejects.toMatchObject(noSuchBucket);
  });

  it('stays below the prefix', async () => {
    const { server, open } = await openS3();
    const [log, root] = [open(), open({ prefix: '' })];
    await log.create('a', X, OPEN);
    await root.create('a', Buffer.from('y'), OPEN);
    expect([...server.bucket.objects.keys()]).toEqual(['gateway/a', 'a']);
    expect(await listed(log)).toEqual(['a']);
    expect(await listed(root)).toEqual(['a', 'gateway/a']);
    await log.remove('a');
    expect(await root.read('a')).toEqual(new Uint8Array(Buffer.from('y')));
    for (const prefix of ['gateway', '/', '../', 'a/../b/']) expect(() => open({ prefix })).toThrow(RangeError);
  });
});

describe('an object that is locked', () => {
  it('is not removed before its time', async () => {
    const time = { now: NOW };
    const { open } = await openS3({ now: () => time.now });
    const store = open({ retention });
    await store.create('tile/0', X, LOCKED);
    time.now += 365 * DAY_MS - 1;
    await expect(store.remove('tile/0')).rejects.toMatchObject(kept);
    expect(await store.read('tile/0')).toEqual(new Uint8Array(X));
    time.now += 1;
    await store.remove('tile/0');
    expect(await store.read('tile/0')).toBeUndefined();
  });

  it('is not removed from behind a mark that says it was deleted', async () => {
    const { server, open } = await openS3();
    const store = open({ retention });
    await store.create('tile/0', X, LOCKED);
    server.bucket.delete('gateway/tile/0', undefined);
    expect(await store.read('tile/0')).toBeUndefined();
    await expect(store.remove('tile/0')).rejects.toMatchObject(kept);
    expect(server.bucket.objects.get('gateway/tile/0')).toHaveLength(2);
  });

  it('cannot be written to a bucket that knows no locks', async () => {
    const { open } = await openS3({ isVersioned: false });
    const store = open({ retention });
    await expect(store.create('tile/0', X, LOCKED)).rejects.toMatchObject({ name: 'InvalidRequest' });
    expect(await store.read('tile/0')).toBeUndefined();
  });
});

describe('an object that is held', () => {
  it('is not removed until it is not', async () => {
    const { server, open } = await openS3();
    const store = open();
    await store.create('segments/a', X, OPEN);
    await store.setHold('segments/a', 'on');
    expect(server.bucket.get('gateway/segments/a').isHeld).toBe(true);
    await expect(store.remove('segments/a')).rejects.toMatchObject(kept);
    await store.setHold('segments/a', 'off');
    await store.remove('segments/a');
    expect(await store.read('segments/a')).toBeUndefined();
  });

  it('has to be there, under a path of an object', async () => {
    const { open } = await openS3();
    const store = open();
    await expect(store.setHold('a', 'on')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(store.setHold('../a', 'on')).rejects.toThrow(RangeError);
  });
});

describe('removing', () => {
  it('takes all that was at the path, page after page, and nothing that begins like it', async () => {
    const { server, open } = await openS3({ pageSize: 3 });
    const store = open();
    for (const text of ['1', '2', '3', '4', '5']) await store.replace('a', Buffer.from(text), () => true);
    server.bucket.delete('gateway/a', undefined);
    await store.replace('a', Buffer.from('6'), () => true);
    server.bucket.delete('gateway/a', undefined);
    for (const path of ['a.b', 'a/b', 'ab']) await store.create(path, X, OPEN);
    await store.remove('a');
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(8);
    expect([...server.bucket.objects.keys()].toSorted()).toEqual(['gateway/a.b', 'gateway/a/b', 'gateway/ab']);
    expect([...server.bucket.objects.values()].every((versions) => versions.length === 1)).toBe(true);
  });

  it('never shows what the object was before', async () => {
    const { server, open } = await openS3();
    const store = open();
    for (const text of ['1', '2', '3']) await store.replace('checkpoint', Buffer.from(text), () => true);
    server.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { on: isThird('DELETE') });
    await expect(store.remove('checkpoint')).rejects.toMatchObject(kept);
    expect(await store.read('checkpoint')).toEqual(new Uint8Array(Buffer.from('3')));
  });
});

/** True for the third request of a method. */
function isThird(method: string) {
  let count = 0;
  return (request: { readonly method: string }) => {
    if (request.method === method) count += 1;
    return count === 3;
  };
}

describe('listing', () => {
  it('gives what is no object too, whatever its key', async () => {
    const { server, open } = await openS3({ pageSize: 2 });
    const strange = ['UPPER', 'a b+c%2Fd', 'a&<b', 'dir/', 'ü\u0001', '\u{1F512}'];
    for (const key of strange) server.bucket.put(`gateway/${key}`, X, {});
    server.bucket.put('elsewhere/a', X, {});
    expect(await listed(open())).toEqual(strange);
  });
});

describe('an answer of S3 that lacks something', () => {
  it('is a fault', async () => {
    const { server, client, open } = await openS3();
    await open().create('a', X, OPEN);
    server.fail({
      kind: 'alter',
      alter: ({ headers: { etag: _, ...headers }, ...reply }) => ({ ...reply, headers }),
    });
    await expect(open().replace('a', Buffer.from('y'), () => true)).rejects.toThrow('without content or ETag');
    const empty: S3Requests = Object.assign(Object.create(client), { getObject: async () => ({ ETag: '"e"' }) });
    await expect(open({ client: empty }).read('a')).rejects.toThrow('without content or ETag');
    expect(await open().read('a')).toEqual(new Uint8Array(X));
  });
});
