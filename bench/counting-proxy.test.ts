import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startKmsServer } from '../tools/kms-server.ts';
import { type LocalServer, serveLocally } from '../tools/local-server.ts';
import { startS3Server } from '../tools/s3-server.ts';
import { type CountingProxy, startCountingProxy } from './lambda/counting-proxy.ts';

const TABLE_MS = 40;
const closing: LocalServer[] = [];
const asked: string[] = [];
let proxy: CountingProxy;

/** What a table would answer, a while later. */
const table = createServer(async (request, response) => {
  asked.push(Buffer.concat(await Array.fromAsync(request)).toString());
  await pause(TABLE_MS);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end('{"ConsumedCapacity":{"TableName":"journal-one","CapacityUnits":6}}');
});

beforeAll(async () => {
  const [dynamodb, kms, s3] = [await serveLocally(table), await startKmsServer(), await startS3Server()];
  closing.push(dynamodb, kms, s3);
  const urls = { dynamodb: dynamodb.url, kms: kms.url, s3: s3.url };
  proxy = await startCountingProxy({ ...urls, sts: kms.url, secretsmanager: kms.url, bedrock: kms.url });
  closing.push(proxy);
});
afterAll(() => Promise.all(closing.map((server) => server.close())));

it('tells of each call of the official clients what it was and took, and hands it on', async () => {
  const settings = {
    region: 'us-east-1',
    endpoint: proxy.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  };
  const begun = performance.now();
  const item = { pk: { S: 'a' } };
  await new DynamoDB(settings).putItem({ TableName: 'journal-one', Item: item });
  const key = 'arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d';
  const { Plaintext } = await new KMS(settings).generateDataKey({ KeyId: key, NumberOfBytes: 32 });
  const s3 = new S3({ ...settings, forcePathStyle: true });
  await s3.putObject({ Bucket: 'log', Key: 'tile/0/000', Body: 'leaf' });
  await s3.listObjectsV2({ Bucket: 'log', Prefix: 'tile/' });
  const { Body } = await s3.getObject({ Bucket: 'log', Key: 'tile/0/000' });

  expect(Plaintext).toHaveLength(32);
  expect(await Body?.transformToString()).toBe('leaf');
  expect(JSON.parse(asked[0] ?? '')).toMatchObject({ ReturnConsumedCapacity: 'TOTAL', Item: item });
  const calls = proxy.take();
  expect(calls.map(({ name, status }) => [name, status])).toEqual([
    ['dynamodb PutItem journal', 200],
    ['kms GenerateDataKey', 200],
    ['s3 PUT tile', 200],
    ['s3 LIST', 200],
    ['s3 GET tile', 200],
  ]);
  const [put] = calls;
  expect(put?.units).toEqual({ read: 0, write: 6 });
  expect((put?.to ?? 0) - (put?.from ?? 0)).toBeGreaterThanOrEqual(TABLE_MS - 1);
  expect(put?.from).toBeGreaterThan(begun);
  // What was told of is not told again.
  expect(proxy.take()).toEqual([]);
});
