import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, temporaryDirectory } from '../journal/journal-fixture.suite.ts';
import { BucketError } from '../objects/bucket-error.ts';
import { cleanUp as cleanUpS3, OWNER, openS3 } from '../objects/s3-fixture.suite.ts';
import { type InvocationLogFilter, type InvocationLogSource, readInvocationLog } from './invocation-log.ts';
import { createDirectoryLogSource, createS3LogSource } from './invocation-log-store.ts';
import { keyOf, linesOf, loggedOf, RANGE, sourceOf, toBatch, toRecord } from './reconcile-fixture.suite.ts';

afterEach(async () => {
  await cleanUp();
  await cleanUpS3();
});

type Limits = Partial<InvocationLogFilter> & { readonly maxFileBytes?: number; readonly maxRecordLength?: number };

async function read(source: InvocationLogSource, given: Limits = {}) {
  const { calls, counts } = readInvocationLog(source, { range: RANGE, ...given });
  const ids: string[] = [];
  for await (const { requestId } of calls) ids.push(requestId);
  return { ids: ids.toSorted(), ...counts };
}

const file = (text: string, given: Limits = {}, chunk = 5) => read(sourceOf({ 'a.json': text }, chunk), given);
const [one, two] = [linesOf([loggedOf(1)]), linesOf([loggedOf(2)])];

describe('the invocation log', () => {
  it.each([
    ['lines', `${one}\n\n${two}\r\n`],
    ['an array', ` [${one},\n${two}]\n`],
    ['an array that is indented', JSON.stringify([toRecord(loggedOf(1)), toRecord(loggedOf(2))], undefined, 2)],
    ['lines behind a byte order mark', `\ufeff${one}\n${two}`],
  ])('is read as %s', async (_, text) => {
    expect(await file(text)).toMatchObject({ ids: ['aws-1', 'aws-2'], malformed: 0, unknownSchema: 0, files: 1 });
  });

  it('reads nothing from a file without anything in it', async () => {
    expect(await file(' \n ')).toMatchObject({ ids: [], malformed: 0 });
    expect(await file('')).toMatchObject({ ids: [], malformed: 0 });
    expect(await file('[]')).toMatchObject({ ids: [], malformed: 0 });
  });

  it.each([
    ['a line that is no JSON', `${one}\n{"schema\n${two}`, 1],
    ['a line that is no object', `${one}\n"text"\n${two}\n[]`, 2],
    ['what is too long', `${one}\n"${'x'.repeat(5_000)}"\n${two}`, 1],
    ['what is too long in an array', `[${one},{"a":"${'x'.repeat(5_000)}"},${two}]`, 1],
    ['what is no object in an array', `[${one}, "a{\\"b", 1, ${two}, [2]]`, 2],
    ['an array that breaks off', `[${one},${two},{"a": "b\\`, 1],
    ['what follows an array', `[${one},${two}] x`, 1],
  ])('counts %s, and reads on', async (_, text, malformed) => {
    for (const chunk of [1, 4, 1_000]) {
      const given = { maxRecordLength: 2_000 };
      expect(await file(text, given, chunk)).toMatchObject({ ids: ['aws-1', 'aws-2'], malformed });
    }
  });

  it.each([
    ['requestId', ''],
    ['requestId', 7],
    ['timestamp', '2025-11-24'],
    ['timestamp', '2025-99-24T16:01:00Z'],
    ['timestamp', 1],
    ['region', undefined],
    ['accountId', null],
    ['operation', {}],
    ['modelId', 'x'.repeat(2_049)],
    ['identity', { arn: 5 }],
  ])('counts a record whose %s is %j as none', async (name, value) => {
    expect(await file(JSON.stringify({ ...toRecord(loggedOf(1)), [name]: value }))).toMatchObject({
      ids: [],
      malformed: 1,
    });
  });

  it('takes a record without identity or metadata, and leaves out of it what is no text', async () => {
    const bare = {
      ...toRecord(loggedOf(1)),
      identity: undefined,
      requestMetadata: { 'sallyport-request-id': 4 },
      errorCode: 5,
    };
    const { calls } = readInvocationLog(sourceOf({ 'a.json': JSON.stringify(bare) }), { range: RANGE });
    for await (const call of calls)
      expect([call.arn, call.claimedId, call.errorCode]).toEqual(['', undefined, undefined]);
    expect(await file(JSON.stringify(bare))).toMatchObject({ ids: ['aws-1'] });
  });

  it('counts records of another schema', async () => {
    const later = { ...toRecord(loggedOf(1)), schemaVersion: '2.0' };
    expect(await file(`${JSON.stringify(later)}\n{"schemaType":"Other"}\n${one}`)).toMatchObject({
      ids: ['aws-1'],
      unknownSchema: 2,
    });
  });

  it('passes over bodies and whatever is no batch', async () => {
    const files = {
      [keyOf('data/aws-1_input.json.gz')]: one,
      [keyOf('a.json')]: two,
      'AWSLogs/amazon-bedrock-logs-permission-check': '',
    };
    expect(await read(sourceOf(files))).toMatchObject({ ids: ['aws-2'], files: 1, passedOver: 2 });
  });

  it('opens the hours alone that can have records of the range', async () => {
    const files = Object.fromEntries(
      ['2025/11/24/13', '2025/11/24/15', '2025/11/24/20', '2025/11/25/01'].map((hour, n) => [
        keyOf(`${n}.json`, hour),
        linesOf([loggedOf(n)]),
      ]),
    );
    expect(await read(sourceOf(files))).toMatchObject({ ids: ['aws-1', 'aws-2'], files: 2 });
    const placed = { account: '111122223333', region: 'eu-central-1' };
    expect(await read(sourceOf({ ...files, [keyOf('9.json', '2024/01/01/00')]: one }), placed)).toMatchObject({
      ids: ['aws-1', 'aws-2'],
      files: 2,
    });
  });
});

describe('a copy of it in a directory', () => {
  it('is read at any depth, compressed or not, and no link in it is followed', async () => {
    const directory = temporaryDirectory();
    const put = (key: string, bytes: string | Buffer) => {
      mkdirSync(dirname(join(directory, key)), { recursive: true });
      writeFileSync(join(directory, key), bytes);
    };
    put(keyOf('a.json.gz'), Buffer.concat([toBatch([loggedOf(1)]), toBatch([loggedOf(2)])]));
    put('b.json', linesOf([loggedOf(3)]));
    put('broken.json.gz', toBatch([loggedOf(4), loggedOf(5)]).subarray(0, -20));
    put('none.json.gz', 'not compressed');
    symlinkSync('/etc', join(directory, 'link'));
    const source = createDirectoryLogSource(directory);
    expect(await read(source)).toMatchObject({
      ids: expect.arrayContaining(['aws-1', 'aws-2', 'aws-3']),
      files: 4,
      unreadable: 2,
    });
    await expect(read(createDirectoryLogSource(join(directory, 'absent')))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not unpacked without end', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'bomb.json.gz'), gzipSync(Buffer.alloc(50_000_000)));
    writeFileSync(join(directory, 'good.json.gz'), toBatch([loggedOf(1)]));
    const counted = await read(createDirectoryLogSource(directory), { maxFileBytes: 1_000_000 });
    expect(counted).toMatchObject({ ids: ['aws-1'], unreadable: 1 });
  });
});

describe('it in S3', () => {
  async function open() {
    const { server, client } = await openS3({ pageSize: 2 });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    const place = {
      bucket: 'log',
      prefix: 'bedrock/',
      region: 'eu-central-1',
      endpoint: server.url,
      forcePathStyle: true,
    };
    const put = async (key: string, Body: Buffer | string) =>
      client.putObject({ Bucket: 'log', Key: `bedrock/${key}`, Body });
    return { server, put, source: createS3LogSource({ ...place, expectedBucketOwner: OWNER }), place };
  }

  it('is read page by page, of the prefix alone', async () => {
    const { put, source, server } = await open();
    await put(keyOf('a.json.gz'), toBatch([loggedOf(1)]));
    await put(keyOf('b \u001b[2J.json.gz'), toBatch([loggedOf(2)]));
    await put(keyOf('c.json'), linesOf([loggedOf(3)]));
    await put(keyOf('data/c.json.gz'), toBatch([loggedOf(4)]));
    expect(await read(source)).toMatchObject({ ids: ['aws-1', 'aws-2', 'aws-3'], files: 3, passedOver: 1 });
    expect(server.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThan(4);
  });

  it('tells damage apart from a bucket that cannot be read', async () => {
    const { put, source, server, place } = await open();
    await put('a.json.gz', toBatch([loggedOf(1), loggedOf(2)]).subarray(0, -20));
    expect(await read(source)).toMatchObject({ unreadable: 1 });
    server.fail(
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
      { on: ({ key }) => key.includes('a.json'), times: 9 },
    );
    await expect(read(source)).rejects.toBeInstanceOf(BucketError);
    await expect(read(createS3LogSource({ ...place, bucket: 'absent' }))).rejects.toBeInstanceOf(BucketError);
    await expect(read(createS3LogSource({ ...place, expectedBucketOwner: '999900001111' }))).rejects.toBeInstanceOf(
      BucketError,
    );
  });
});
