import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultCode } from '../../core/index.ts';
import { actOf } from '../export/export-scene.suite.ts';
import { cleanUp, releaseOf, requestIdOf } from '../journal/journal-fixture.suite.ts';
import type { LoggedCall } from './logged-call.ts';
import type { Reconciled } from './reconcile.ts';
import {
  ARN,
  keyOf,
  linesOf,
  loggedOf,
  openScene,
  otherTenant,
  RANGE,
  recordCall,
  START,
  STRANGER,
  sourceOf,
} from './reconcile-fixture.suite.ts';

afterAll(cleanUp);

const MINUTE = 60_000;
const NONE = { answered: { status: 'failed', providerRequestId: undefined } as object };
const failedWith = (code: FaultCode) => ({
  answered: { status: 'failed', code, providerRequestId: undefined } as object,
});

type Opened = Awaited<ReturnType<typeof openScene>>;
const of = (calls: readonly LoggedCall[]) => sourceOf({ [keyOf('a.json')]: linesOf(calls) });
const kinds = ({ differences }: Reconciled) => differences.map(({ kind, logged }) => [kind, logged.requestId]);
const toAgreement = ({ counts: { bypassed, missing, differences } }: Reconciled) => bypassed + missing + differences;

describe('a reconciliation', () => {
  let scene: Opened;
  beforeAll(async () => {
    scene = await openScene(async (open) => {
      await recordCall(open, 0);
      await open.append(releaseOf(requestIdOf(1), 0));
      await recordCall(open, 1, { asked: { servedModel: 'eu.amazon.nova-lite-v1:0' } });
      await recordCall(open, 2, { asked: { caller: otherTenant } });
      await recordCall(open, 3, failedWith('upstreamForbidden'));
      await recordCall(open, 4, failedWith('upstreamTimeout'));
      await recordCall(open, 5, { answered: undefined });
      // Not to be logged by AWS: the simulator's, one that was blocked, a count.
      await recordCall(open, 6, { asked: { provider: 'simulator' } });
      await recordCall(open, 7, { asked: { stages: [{ stage: 'guard', decision: 'block' }] }, ...NONE });
      await recordCall(open, 8, { asked: { action: 'CountTokens' } });
      await open.append(actOf({ time: START + 1 }));
    });
  });
  const own = () => [
    loggedOf(0),
    loggedOf(1, { modelId: 'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0' }),
    loggedOf(2, { arn: 'arn:aws:sts::111122223333:assumed-role/gateway/i-0123' }),
  ];

  it('agrees where AWS logged what we recorded, and tells apart what was refused and what was not answered', async () => {
    const { counts, gone, ...rest } = await scene.reconcile(of(own()));
    expect(counts).toEqual({
      logged: 3,
      recorded: 6,
      matched: 3,
      further: 0,
      repeated: 0,
      bypassed: 0,
      missing: 0,
      differences: 0,
      refused: 1,
      unanswered: 2,
      tooRecent: 0,
    });
    expect(gone).toBe(0);
    expect(rest).toMatchObject({ bypassed: [], missing: [], differences: [], invocationLog: { files: 1 } });
  });

  it('lists what did not pass the gateway, with who and what and never a body', async () => {
    const stranger = loggedOf(10, { arn: STRANGER, claimedId: 'no id of ours' });
    const { claimedId: _, ...silent } = loggedOf(11, { arn: STRANGER, errorCode: 'AccessDeniedException' });
    const reconciled = await scene.reconcile(of([...own(), stranger, silent]));
    expect(reconciled.bypassed).toEqual([stranger, silent]);
    expect(JSON.stringify(reconciled)).not.toContain('secret');
  });

  it('lists what we recorded and AWS did not log', async () => {
    const { missing } = await scene.reconcile(of(own().slice(1)));
    expect(missing).toEqual([
      {
        requestId: requestIdOf(0),
        time: START,
        tenant: 'acme',
        operation: 'Converse',
        model: 'amazon.nova-lite-v1:0',
        provider: 'bedrock',
        region: 'eu-central-1',
        status: 'complete',
        providerRequestId: 'aws-0',
      },
    ]);
  });

  it('matches by the provider’s request id where the metadata has none, or another', async () => {
    const [first = loggedOf(0), second = loggedOf(1), third = loggedOf(2)] = own();
    const { claimedId: _, ...silent } = first;
    const swapped = { ...second, claimedId: requestIdOf(77) };
    const crossed = { ...third, claimedId: requestIdOf(0) };
    const reconciled = await scene.reconcile(of([silent, swapped, crossed]));
    expect(reconciled.counts).toMatchObject({ matched: 3, bypassed: 0, missing: 0 });
    expect(kinds(reconciled)).toEqual([
      ['requestId', 'aws-1'],
      ['requestId', 'aws-2'],
    ]);
  });

  it('tells of a call that claims the id of ours', async () => {
    const forged = [0, 6, 7, 8].map((n) => loggedOf(n, { requestId: `forged-${n}`, arn: STRANGER }));
    const unmatched = loggedOf(2, { requestId: 'forged-2', arn: STRANGER });
    const reconciled = await scene.reconcile(of([...own().slice(0, 2), ...forged, unmatched]));
    expect(kinds(reconciled)).toEqual([0, 2, 6, 7, 8].map((n) => ['claimed', `forged-${n}`]));
    expect(reconciled.differences[0]).toMatchObject({ recorded: { requestId: requestIdOf(0), tenant: 'acme' } });
    expect(reconciled.counts).toMatchObject({ matched: 2, missing: 1, bypassed: 0 });
  });

  it('lets nobody call under the id of a refusal', async () => {
    const behind = loggedOf(3, { requestId: 'behind', arn: STRANGER });
    expect(kinds(await scene.reconcile(of([...own(), behind])))).toEqual([['claimed', 'behind']]);
    const denied = { ...behind, errorCode: 'AccessDeniedException' };
    const { counts } = await scene.reconcile(of([...own(), denied]));
    expect(counts).toMatchObject({ matched: 4, refused: 0, differences: 0 });
  });

  it('takes a call of which no answer came for ours by its metadata, when it is of that time', async () => {
    const late = loggedOf(4, { requestId: 'a' });
    const lost = loggedOf(5, { requestId: 'b' });
    const { counts } = await scene.reconcile(of([...own(), late, lost]));
    expect(counts).toMatchObject({ matched: 5, unanswered: 0, differences: 0 });
    const far = { ...late, time: START + 70 * MINUTE };
    const range = { ...RANGE, until: START + 90 * MINUTE };
    expect(kinds(await scene.reconcile(of([...own(), far]), { range }))).toEqual([['claimed', 'a']]);
  });

  it('takes further calls under an id for ours where the same session made them', async () => {
    const failed = loggedOf(4, { requestId: 'a', time: START + 4 * MINUTE - 2_000, errorCode: 'ThrottlingException' });
    const [first, second] = [loggedOf(4, { requestId: 'b' }), loggedOf(4, { requestId: 'c' })];
    const choice = loggedOf(0, { requestId: 'aws-0b' });
    const stolen = loggedOf(4, { requestId: 'd', arn: STRANGER });
    const reconciled = await scene.reconcile(of([...own(), failed, second, first, choice, stolen]));
    expect(reconciled.counts).toMatchObject({ matched: 4, further: 3 });
    expect(kinds(reconciled)).toEqual([['claimed', 'd']]);
  });

  it('counts copies of a record, and tells of records of one call that differ', async () => {
    const [first = loggedOf(0), second = loggedOf(1), third = loggedOf(2)] = own();
    const copies = [first, first, second, { ...second, modelId: 'another' }, third];
    const reconciled = await scene.reconcile(of(copies));
    expect(reconciled.counts).toMatchObject({ logged: 5, matched: 3, repeated: 1 });
    expect(kinds(reconciled).toSorted()[0]).toEqual(['duplicate', 'aws-1']);
    const { claimedId: _, ...silent } = third;
    const silently = await scene.reconcile(of([first, second, silent, { ...silent, arn: STRANGER }, silent]));
    expect(silently.counts).toMatchObject({ matched: 3, repeated: 1 });
    expect(kinds(silently)).toEqual([['duplicate', 'aws-2']]);
  });

  it.each([
    ['model', { modelId: 'amazon.nova-pro-v1:0' }],
    ['region', { region: 'us-east-1' }],
    ['tenant', { arn: ARN.replace('acme', 'other') }],
    ['environment', { arn: ARN.replace('test', 'prod') }],
  ])('tells where the %s differs', async (kind, given) => {
    const reconciled = await scene.reconcile(of([{ ...loggedOf(0), ...given }, ...own().slice(1)]));
    expect(kinds(reconciled)).toEqual([[kind, 'aws-0']]);
    expect(reconciled.counts.matched).toBe(3);
  });

  it('misses nothing that is too new', async () => {
    const stranger = loggedOf(10, { claimedId: 'none' });
    const { counts } = await scene.reconcile(of([...own().slice(1), stranger]), { now: START + 14 * MINUTE });
    expect(counts).toMatchObject({ bypassed: 0, missing: 0, tooRecent: 4, refused: 1 });
  });

  it('tells of the range alone, and finds matches beyond it', async () => {
    const early = loggedOf(0, { time: START - 30_000 });
    const before = loggedOf(20, { time: START - 1_000, claimedId: 'none' });
    const twisted = { ...early, region: 'us-east-1' };
    const { counts } = await scene.reconcile(of([early, before, ...own().slice(1)]));
    expect(counts).toMatchObject({ logged: 2, matched: 3, bypassed: 0, missing: 0 });
    expect((await scene.reconcile(of([twisted, ...own().slice(1)]))).counts.differences).toBe(0);
    const range = { from: START + MINUTE, until: START + 2 * MINUTE };
    const narrow = await scene.reconcile(of(own()), { range });
    expect(narrow.counts).toMatchObject({ logged: 1, recorded: 1, matched: 1 });
    expect(toAgreement(await scene.reconcile(of([]), { range: { from: 0, until: 1 } }))).toBe(0);
  });

  it('keeps to an account and a region', async () => {
    const elsewhere = loggedOf(9, { region: 'us-east-1', claimedId: 'none' });
    const foreign = loggedOf(9, { accountId: '999900001111', claimedId: 'none' });
    const calls = of([...own(), elsewhere, foreign]);
    expect((await scene.reconcile(calls)).counts.bypassed).toBe(2);
    const given = { account: '111122223333', region: 'eu-central-1' };
    expect(toAgreement(await scene.reconcile(calls, given))).toBe(0);
    const other = await scene.reconcile(calls, { ...given, region: 'us-east-1' });
    expect(other.counts).toMatchObject({ logged: 0, recorded: 0, missing: 0 });
  });

  it('counts all, and lists as many as it may', async () => {
    const strangers = Array.from({ length: 3_000 }, (_, n) =>
      loggedOf(0, { requestId: `x${String(n).padStart(4, '0')}`, claimedId: `none ${n}` }),
    );
    const reconciled = await scene.reconcile(of([...own(), ...strangers.toReversed()]), { limit: 2 });
    expect(reconciled.counts.bypassed).toBe(3_000);
    expect(reconciled.bypassed).toHaveLength(2);
  });

  it('says how many requests can find no match since their record is gone', async () => {
    const erased = await openScene(async (open) => {
      await recordCall(open, 0);
      await recordCall(open, 1);
    });
    const { keyId = new Uint8Array() } = (await erased.keys.find('acme', 'app')) ?? {};
    await erased.keys.destroy(keyId, 1);
    const { gone, counts } = await erased.reconcile(of([loggedOf(0)]));
    expect([gone, counts.bypassed, counts.recorded]).toEqual([2, 1, 0]);
  });

  it('takes one record of AWS for one call alone', async () => {
    const twice = await openScene(async (open) => {
      for (const n of [2, 0, 1]) await recordCall(open, n, { answered: { providerRequestId: 'aws-9' } });
    });
    const { claimedId: _, ...silent } = loggedOf(9);
    expect((await twice.reconcile(of([silent]))).counts).toMatchObject({ recorded: 3, matched: 1, missing: 2 });
  });

  it('takes a gateway without a log for one that recorded nothing', async () => {
    const empty = await openScene(async () => {});
    expect((await empty.reconcile(of(own()))).counts).toMatchObject({ recorded: 0, bypassed: 3 });
  });

  it('says how far it is', async () => {
    const seen: number[][] = [];
    await scene.reconcile(of(own()), { onProgress: (...far) => seen.push(far), onFile: (files) => seen.push([files]) });
    expect(seen).toEqual([[19, 19], [1]]);
  });

  it('comes to the same, in whatever files and order the records of AWS lie', async () => {
    const calls = [
      ...own(),
      ...own().slice(0, 1),
      loggedOf(0, { requestId: 'forged', arn: STRANGER }),
      loggedOf(4, { requestId: 'a', errorCode: 'ModelTimeoutException' }),
      loggedOf(4, { requestId: 'b' }),
      loggedOf(4, { requestId: 'c' }),
      loggedOf(4, { requestId: 'b', modelId: 'another' }),
      loggedOf(9, { claimedId: 'none' }),
      loggedOf(9, { claimedId: 'none', arn: STRANGER }),
    ];
    const { invocationLog: _, ...expected } = await scene.reconcile(of(calls));
    const places = fc.array(fc.nat(3), { minLength: calls.length, maxLength: calls.length });
    const order = fc.shuffledSubarray(calls, { minLength: calls.length });
    await fc.assert(
      fc.asyncProperty(
        order,
        places,
        fc.integer({ min: 7, max: 999 }),
        fc.boolean(),
        async (shuffled, place, chunk, isArray) => {
          const files = Map.groupBy(shuffled, (call) => keyOf(`${place[shuffled.indexOf(call)]}.json`));
          const texts = [...files].map(([key, some]) => [
            key,
            isArray ? `[${some.map((one) => linesOf([one])).join(',\n')}]` : linesOf(some),
          ]);
          const { invocationLog: read, ...reconciled } = await scene.reconcile(
            sourceOf(Object.fromEntries(texts), chunk),
          );
          expect(reconciled).toEqual(expected);
          expect(read).toMatchObject({ malformed: 0, unknownSchema: 0, unreadable: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });
});
