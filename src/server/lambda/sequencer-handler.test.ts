import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { toRequestRecord } from '../../../tools/request-record.ts';
import { verifyAudit } from '../../audit/index.ts';
import { createRequestId, parsePrincipalId, parseTenantId } from '../../core/index.ts';
import { openAdministration } from '../administration.ts';
import { configFile, temporaryDirectory } from '../gateway.suite.ts';
import { openJournalAt, toRecordPlace } from '../record-place.ts';
import { systemClock } from '../system-clock.ts';
import { describeWithTableRecord, type TableRecord } from '../table-record.suite.ts';
import { functionSetupOf } from './function.suite.ts';
import { createSequencerHandler } from './sequencer-handler.ts';

const context = (...left: readonly number[]) => {
  let at = 0;
  return { getRemainingTimeInMillis: () => left[Math.min(at++, left.length - 1)] ?? 0 };
};
const long = () => context(60_000);

/** A configuration whose record is in DynamoDB and S3, with its tables, and what appends acts to its journal. */
async function createScene(
  { createOptions }: TableRecord,
  more: { readonly audit?: string; readonly retentionDays?: number } = {},
) {
  const options = await createOptions('elsewhere', more.audit);
  const { configFile: file } = options;
  if (more.retentionDays !== undefined) {
    const period = `$&\n    retentionDays: ${more.retentionDays}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('  - name: demo', period));
  }
  const administration = await openAdministration({ ...options, absent: 'made' });
  const logDestination = join(temporaryDirectory(), 'log');
  const lines: string[] = [];
  const setup = await functionSetupOf(options, { logDestination, write: (line) => void lines.push(line) });
  return {
    administration,
    createHandler: () => createSequencerHandler(setup),
    logged: () => readFileSync(logDestination, 'utf8'),
    /** What its metrics tell since the last time. */
    told: () => lines.splice(0).map((line) => JSON.parse(line)),
    append: (act = 'test', details = {}) =>
      administration.recordAct({ kind: 'administration', operator: 'olga', act, details }),
    verify: () =>
      verifyAudit({ place: toRecordPlace(administration), verifierKeys: [administration.audit.verifierKey] }),
  };
}

type Opened = Awaited<ReturnType<typeof openAdministration>>;

/** What a gateway records of one exchange of the tenant `demo`. */
async function appendExchange({ config, directory, keyRing, wrappedKeys: keys }: Opened): Promise<void> {
  const own = { keyRing, keys, clock: systemClock };
  const journal = await openJournalAt(toRecordPlace({ config, directory }), own, directory);
  const owner = { tenant: parseTenantId('demo'), principal: parsePrincipalId('developer') };
  const time = systemClock.now();
  const requestId = createRequestId(time, randomBytes(10));
  await journal.append(toRequestRecord({ requestId, time, caller: owner }), owner);
  const outcome = { status: 'complete', bytesSent: 12, findingCounts: {}, findings: [] } as const;
  await journal.append({ kind: 'response', requestId, time, ...outcome }, owner);
  await journal.close();
}

describeWithTableRecord('the function that takes a journal into the log', (record) => {
  it('takes all there is, whatever woke it, and says what it did', async () => {
    const { append, createHandler, verify } = await createScene(record);
    const handler = createHandler();
    const nothing = { added: 0, rounds: 1, interrupted: 0, damaged: 0, removedSegments: 0, failedSinks: [] };
    expect(await handler({}, long())).toEqual({ ...nothing, size: 0, hasMore: false });
    for (const act of ['one', 'two', 'three']) await append(act);
    expect(await verify()).toMatchObject({ size: 0, unsequenced: 3 });
    expect(await handler({ Records: [{ eventName: 'INSERT' }] }, long())).toMatchObject({ size: 3, added: 3 });
    expect(await handler({ 'detail-type': 'Scheduled Event' }, long())).toMatchObject({ size: 3, added: 0 });
    expect(await verify()).toMatchObject({ size: 3, faultCount: 0, unsequenced: 0 });
  });

  it('makes one log where two run at once', async () => {
    const { append, createHandler, verify, administration } = await createScene(record);
    const [one, other] = [createHandler(), createHandler()];
    for (let n = 0; n < 4; n += 1) {
      await Promise.all([append(), append()]);
      await Promise.all([one({}, long()), other({}, long())]);
    }
    await one({}, long());
    expect(await verify()).toMatchObject({ size: 8, faultCount: 0, unsequenced: 0 });
    expect(await administration.audit.index.list({ limit: 20 })).toHaveLength(8);
  });

  it('ends in time, and leaves the rest to the next', async () => {
    const { append, createHandler, verify, told } = await createScene(record);
    const handler = createHandler();
    // Of what no compression makes less, and of which a round takes about four mebibytes.
    for (let n = 0; n < 8; n += 1) await append('large', { bytes: randomBytes(700_000).toString('hex') });
    const short = await handler({}, context(19_999));
    expect(short).toMatchObject({ rounds: 1, hasMore: true });
    expect(short.size).toBeLessThan(8);
    const [said] = told();
    expect(said).toMatchObject({ RecordFaults: 0, RecordBacklog: 8 - short.size });
    expect(said.RecordWaiting).toBeGreaterThan((8 - short.size) * 700_000);
    expect(await handler({}, context(60_000))).toMatchObject({ size: 8, hasMore: false });
    expect(await verify()).toMatchObject({ size: 8, faultCount: 0, unsequenced: 0 });
    expect([...record.s3().bucket.objects.keys()].filter((key) => key.startsWith('journal/'))).toEqual([]);
  });

  it('rejects where the log cannot be written, and takes up what it left once it can', async () => {
    const { append, createHandler, verify, logged, told } = await createScene(record);
    await append('kept apart');
    const handler = createHandler();
    let isCut = true;
    record.s3().fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { on: () => isCut, times: 99 });
    await expect(handler({}, long())).rejects.toThrow();
    expect(logged()).toContain('log not written');
    const said = told();
    expect(said).toMatchObject([{ RecordFaults: 1, RecordBacklog: 1, RecordWaiting: expect.any(Number) }]);
    expect(said[0].RecordLag).toBeGreaterThan(0);
    expect(JSON.stringify(said)).not.toContain('apart');
    isCut = false;
    expect(await handler({}, long())).toMatchObject({ size: 1, added: 1 });
    expect(told()).toMatchObject([{ RecordFaults: 0, RecordLag: 0, RecordBacklog: 0, RecordWaiting: 0 }]);
    expect(await verify()).toMatchObject({ size: 1, faultCount: 0 });
  });

  it('tells which sinks did not take the checkpoint, and rejects nothing for that', async () => {
    const sinks = '  sinks: [{ name: hook, kind: webhook, url: "http://127.0.0.1:1/" }]';
    const { append, createHandler, logged } = await createScene(record, { audit: sinks });
    await append();
    expect(await createHandler()({}, long())).toMatchObject({ size: 1, failedSinks: ['hook'] });
    expect(logged()).toContain('checkpoint not kept');
  });

  it('begins anew where it could not be opened', async () => {
    const { createHandler, told } = await createScene(record);
    const handler = createHandler();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'another');
    // DynamoDB Local has other tables for other keys.
    await expect(handler({}, long())).rejects.toMatchObject({ name: 'StartError' });
    const [failed] = told();
    expect(failed).toMatchObject({ RecordFaults: 1, RecordInterrupted: 0 });
    // Of what nothing is known nothing is said, least of all that it is nothing.
    expect(Object.keys(failed)).toEqual(['_aws', 'RecordFaults', 'RecordInterrupted']);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    expect(await handler({}, long())).toMatchObject({ size: 0 });
    expect(told()).toMatchObject([{ RecordFaults: 0, RecordLag: 0, RecordBacklog: 0, RecordWaiting: 0 }]);
  });

  it('is not for a journal on a disk', async () => {
    const options = { configFile: configFile(), dataDirectory: temporaryDirectory() };
    const setup = await functionSetupOf(options, { logDestination: join(temporaryDirectory(), 'log') });
    expect(() => createSequencerHandler(setup)).toThrow('`state.kind: dynamodb`');
  });
});

describeWithTableRecord('records past their time', (record) => {
  const DAY_MS = 86_400_000;
  const HOUR_MS = 3_600_000;
  const started = Date.now();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** One exchange of the tenant `demo` in the log, of today, and a day on which it is past its time. */
  async function createExpired() {
    vi.setSystemTime(started);
    const scene = await createScene(record, { retentionDays: 30 });
    await appendExchange(scene.administration);
    const handler = scene.createHandler();
    expect(await handler({}, long())).toMatchObject({ added: 2, removedSegments: 0 });
    const [segment = ''] = [...record.s3().bucket.objects.keys()].filter((key) => key.startsWith('segments/'));
    const isThere = () => record.s3().bucket.objects.get(segment)?.at(-1)?.bytes !== undefined;
    expect(isThere()).toBe(true);
    vi.setSystemTime(started + 31 * DAY_MS);
    const acts = async () => {
      await handler({}, long());
      return scene.administration.audit.index.list({ type: 'retention', limit: 9 });
    };
    return { ...scene, handler, segment, isThere, acts };
  }

  it('are removed by a run, on record, and the log still verifies', async () => {
    const { handler, isThere, acts, verify, logged } = await createExpired();
    expect(await handler({}, long())).toMatchObject({ removedSegments: 1 });
    expect(isThere()).toBe(false);
    expect(await acts()).toHaveLength(1);
    expect(await verify()).toMatchObject({ faultCount: 0, removed: 2 });
    expect(logged()).toContain('"event":"records removed","count":1');
  });

  it('are looked for once an hour, and not where no time is left', async () => {
    const { handler, isThere } = await createExpired();
    const past = started + 30 * DAY_MS;
    vi.setSystemTime(past - HOUR_MS / 2);
    expect(await handler({}, long())).toMatchObject({ removedSegments: 0 });
    vi.setSystemTime(past + HOUR_MS / 2 - 1);
    expect(await handler({}, long())).toMatchObject({ removedSegments: 0 });
    vi.setSystemTime(past + HOUR_MS / 2);
    expect(await handler({}, context(19_999))).toMatchObject({ removedSegments: 0 });
    expect(isThere()).toBe(true);
    expect(await handler({}, long())).toMatchObject({ removedSegments: 1 });
  });

  it('are removed by one of two that run at once', async () => {
    const { handler, createHandler, acts, verify } = await createExpired();
    const [one, other] = await Promise.all([handler({}, long()), createHandler()({}, long())]);
    expect(one.removedSegments + other.removedSegments).toBe(1);
    expect(await acts()).toHaveLength(1);
    expect(await verify()).toMatchObject({ faultCount: 0, removed: 2 });
  });

  it('stay where the bucket keeps them, which a run says once an hour, and go once it does not', async () => {
    const { handler, segment, isThere, acts, logged } = await createExpired();
    const setHold = (isHeld: boolean) => {
      for (const version of record.s3().bucket.objects.get(segment) ?? []) version.isHeld = isHeld;
    };
    setHold(true);
    await expect(handler({}, long())).rejects.toMatchObject({ name: 'ObjectKeptError' });
    expect(logged()).toContain('"event":"records not removed","cause":"ObjectKeptError');
    expect(logged()).not.toContain('log not written');
    expect(await handler({}, long())).toMatchObject({ removedSegments: 0 });
    expect(isThere()).toBe(true);
    setHold(false);
    vi.setSystemTime(started + 31 * DAY_MS + HOUR_MS);
    expect(await handler({}, long())).toMatchObject({ removedSegments: 1 });
    expect(isThere()).toBe(false);
    expect(await acts()).toHaveLength(2);
  });
});
