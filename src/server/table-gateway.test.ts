import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyAudit } from '../audit/index.ts';
import { createLogger } from '../telemetry/index.ts';
import { openAdministration } from './administration.ts';
import { NOVA, type Started, send, start, temporaryDirectory } from './gateway.suite.ts';
import { functionSetupOf } from './lambda/function.suite.ts';
import { createFunctionMetrics } from './lambda/function-metrics.ts';
import { openFunction } from './lambda/open-function.ts';
import { createSequencerHandler } from './lambda/sequencer-handler.ts';
import { type Closers, closeAll } from './open-service.ts';
import { toRecordPlace } from './record-place.ts';
import { loadSetup } from './setup.ts';
import { describeWithTableRecord } from './table-record.suite.ts';

function converse({ gateway, keys }: Started) {
  const headers = { authorization: `Bearer ${keys().apiKey}`, 'content-type': 'application/json' };
  const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
  return send(gateway.endpoint, { path: `/model/${encodeURIComponent(NOVA)}/converse`, headers, body });
}

describeWithTableRecord('a gateway whose record is in DynamoDB and S3', ({ createOptions, s3 }) => {
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
    const sequence = createSequencerHandler(await functionSetupOf(options, { logDestination: 2 }));
    expect(await sequence({}, context)).toMatchObject({ size: 8 });
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
    expect(s3().requests.filter(({ method }) => method === 'PUT')).toEqual([]);
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

  it('takes no request while as much of the journal waits as may, and takes them again once a function has it in the log', async () => {
    const options = await createOptions('elsewhere', '  maxJournalBytes: 67108864\n');
    await using administration = await openAdministration({ ...options, absent: 'made' });
    // Of what no compression makes less.
    const details = () => ({ bytes: randomBytes(14 * 2 ** 20).toString('hex') });
    for (let n = 0; n < 5; n += 1) {
      await administration.recordAct({ kind: 'administration', operator: 'olga', act: 'test', details: details() });
    }
    await using started = await start(options);
    const { adminEndpoint, endpoint } = started.gateway;
    const metricOf = async (name: string) => {
      const { text } = await send(adminEndpoint, { path: '/metrics' });
      return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    };
    const isReady = async () => (await send(endpoint, { path: '/readyz' })).text.trim();
    await expect.poll(isReady, { timeout: 30_000 }).toBe('log behind');
    const refused = await converse(started);
    expect(refused.status).toBe(503);
    expect(refused.headers['x-amzn-errortype']).toBe('ServiceUnavailableException');
    await started.logged({ event: 'log behind' });
    expect(await metricOf('sallyport_log_behind')).toBe(1);
    expect(await metricOf('sallyport_journal_waiting_bytes')).toBeGreaterThan(2 ** 26);

    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const sequence = createSequencerHandler(await functionSetupOf(options, { logDestination: 2, write }));
    const { size } = await sequence({}, { getRemainingTimeInMillis: () => 60_000 });
    expect(size).toBeGreaterThanOrEqual(5);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { RecordLag: 0, RecordBacklog: 0, RecordWaiting: 0, _aws: { CloudWatchMetrics: [{ Namespace: 'Sallyport' }] } },
    ]);
    await expect.poll(isReady, { timeout: 30_000, interval: 500 }).toBe('ready');
    expect((await converse(started)).status).toBe(200);
    expect(await metricOf('sallyport_log_behind')).toBe(0);
    expect(await metricOf('sallyport_journal_waiting_bytes')).toBe(0);
    expect(await metricOf('sallyport_log_last_round_timestamp_seconds')).toBeGreaterThan(Date.now() / 1_000 - 120);
  }, 180_000);
});
