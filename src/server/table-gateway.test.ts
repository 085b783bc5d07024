import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type DynamoDBLocal,
  findDynamoDBLocal,
  startDynamoDBLocal,
} from '../../tools/dynamodb-local/dynamodb-local.ts';
import { type S3Server, startS3Server } from '../../tools/s3-server.ts';
import { journalTable, verifyAudit } from '../audit/index.ts';
import { createDynamoDBTable, stateTable } from '../state/index.ts';
import { createLogger } from '../telemetry/index.ts';
import { openAdministration } from './administration.ts';
import {
  configFile,
  NOVA,
  removeTemporaryDirectories,
  type Started,
  send,
  start,
  temporaryDirectory,
} from './gateway.suite.ts';
import { createFunctionMetrics } from './lambda/function-metrics.ts';
import { openFunction } from './lambda/open-function.ts';
import { createSequencerHandler } from './lambda/sequencer.ts';
import { type Closers, closeAll } from './open-service.ts';
import { toRecordPlace } from './record-place.ts';
import { loadSetup } from './setup.ts';

const installed = await findDynamoDBLocal();
let dynamoDB: DynamoDBLocal | undefined;
let s3: S3Server;
beforeAll(async () => {
  if ('directory' in installed) dynamoDB = await startDynamoDBLocal(installed);
}, 90_000);
afterAll(async () => dynamoDB?.stop());
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('ROOT_KEY', randomBytes(32).toString('base64url'));
  s3 = await startS3Server();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.close();
});
afterAll(removeTemporaryDirectories);

async function createOptions(sequencer: 'gateway' | 'elsewhere') {
  const endpoint = dynamoDB?.endpoint ?? '';
  const [table, journal] = [`state-${randomUUID()}`, `journal-${randomUUID()}`];
  const region = 'eu-central-1';
  await createDynamoDBTable({ table, definition: stateTable, region, endpoint });
  await createDynamoDBTable({ table: journal, definition: journalTable, region, endpoint });
  const file = configFile(`
state: { kind: dynamodb, region: ${region}, table: ${table}, journalTable: ${journal}, endpoint: "${endpoint}" }
keys: { root: { env: ROOT_KEY } }
audit:
  sequencer: ${sequencer}
  store: { kind: s3, bucket: log, region: ${region}, endpoint: "${s3.url}", forcePathStyle: true }
`);
  return { configFile: file, dataDirectory: temporaryDirectory() };
}

function converse({ gateway, keys }: Started) {
  const headers = { authorization: `Bearer ${keys().apiKey}`, 'content-type': 'application/json' };
  const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
  return send(gateway.endpoint, { path: `/model/${encodeURIComponent(NOVA)}/converse`, headers, body });
}

describe.skipIf('reason' in installed)('a gateway whose record is in DynamoDB and S3', () => {
  it('serves, has its record taken into the log by its thread, and leaves nothing of it on the disk', async () => {
    const options = await createOptions('gateway');
    {
      await using started = await start(options);
      const { status } = await converse(started);
      expect(status).toBe(200);
    }
    await using administration = await openAdministration(options);
    const { audit } = administration;
    const rows = await audit.index.list({ limit: 9 });
    expect(rows.map(({ type }) => type).toSorted()).toEqual(['change', 'key', 'request', 'response']);
    const place = toRecordPlace(administration);
    const own = await administration.ownCheckpoint();
    const kept = own === undefined ? [] : [own];
    const verified = await verifyAudit({ place, verifierKeys: [audit.verifierKey], reading: audit.reading(), kept });
    expect(verified).toMatchObject({ size: 4, faultCount: 0, unsequenced: 0 });
    const written = readdirSync(options.dataDirectory, { recursive: true, encoding: 'utf8' });
    expect(written.filter((name) => name.startsWith('audit') && /journal.+|tile|checkpoint/.test(name))).toEqual([]);
  });

  it('certifies the one key of all receipts once, and records once what all run on', async () => {
    const options = await createOptions('elsewhere');
    for (let run = 0; run < 3; run += 1) {
      await using started = await start(options);
      expect((await converse(started)).status).toBe(200);
    }
    const context = { getRemainingTimeInMillis: () => 60_000 };
    expect(await createSequencerHandler({ ...options, logDestination: 2 })({}, context)).toMatchObject({ size: 8 });
    await using administration = await openAdministration(options);
    const types = (await administration.audit.index.list({ limit: 20 })).map(({ type }) => type);
    expect(types.filter((type) => type === 'key' || type === 'change')).toHaveLength(2);
    const place = toRecordPlace(administration);
    const verified = await verifyAudit({ place, verifierKeys: [administration.audit.verifierKey] });
    expect(verified).toMatchObject({ size: 8, faultCount: 0, unsequenced: 0 });
  });

  it('has nothing taken into the log by a function, whoever else is to do it', async () => {
    const setup = await loadSetup(await createOptions('gateway'));
    const closers: Closers = [];
    const logger = createLogger({ destination: join(temporaryDirectory(), 'log') });
    const rooms = await openFunction({ ...setup, logger, metrics: createFunctionMetrics(setup.config) }, closers);
    expect(rooms.journal.isAvailable()).toBe(true);
    await closeAll(closers);
    expect(s3.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('gives receipts that are found kept', async () => {
    const options = await createOptions('gateway');
    let receipt: string | undefined;
    {
      await using started = await start(options);
      const { headers } = await converse(started);
      receipt = String(headers['x-sallyport-record']);
    }
    await using administration = await openAdministration(options);
    expect(await administration.audit.checkReceipt(receipt ?? '', Date.now())).toMatchObject({ kind: 'kept' });
  });
});
