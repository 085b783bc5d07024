import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../src/audit/index.ts';
import { parseRequestId } from '../../src/core/index.ts';
import { openAdministration, toRecordPlace } from '../../src/server/index.ts';
import { functionSetupOf } from '../../src/server/lambda/function.suite.ts';
import { createSequencerHandler } from '../../src/server/lambda/sequencer-handler.ts';
import { makeWorld, type Services, startServices, type World } from '../../tools/aws-world.ts';
import { findDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { type PlannedFault, type ProxiedCall, type ProxyFault, WORDS_OF_AWS } from '../../tools/faulty-proxy.ts';
import { runSallyport } from '../gateway/process.ts';
import { type Answer, type AskKind, type FunctionInstance, startInstance, startProxied } from './fault-scene.ts';

const installed = await findDynamoDBLocal();

let services: Services;
let world: World;
/** The first is everybody's who is not the first of his own. */
let nextCaller = 1;

beforeAll(async () => {
  if (!('directory' in installed)) return;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  services = await startServices(installed);
  world = await makeWorld(services, { name: 'one', callers: 120 });
});
afterAll(async () => {
  vi.useRealTimers();
  await world?.[Symbol.asyncDispose]();
  await services?.stop();
  vi.unstubAllEnvs();
});

/** What befalls a call. */
const faults = {
  'fails for good': { fault: { kind: 'refuse', status: 400, code: 'AccessDeniedException' } },
  'fails once': { fault: { kind: 'cut' }, times: 1 },
  'is slow beyond its time-out': { fault: { kind: 'hold' } },
  'lands, and its reply is lost': { fault: { kind: 'lose' }, times: 1 },
  'lands, and no reply comes at any try': { fault: { kind: 'lose' } },
} as const satisfies Readonly<Record<string, { readonly fault: ProxyFault; readonly times?: number }>>;
type FaultName = keyof typeof faults;
const faultNames = Object.keys(faults) as readonly FaultName[];

/** One exchange with one fault. */
interface Cell {
  readonly state: 'cold' | 'warm';
  readonly kind: AskKind;
  readonly call: string;
  /** How many calls of that name are before it. */
  readonly after: number;
  readonly fault: FaultName;
}

/**
 * Of an invocation that meets with a slow service: shorter than any client's own time-outs come to, and longer ones for
 * a machine so busy that the time was over before the fault was met.
 */
const SHORT_MS = 6_000;
const LONGER_MS = [12_000, 24_000] as const;
const LONG_MS = 60_000;
/** Then an instance asks what was erased elsewhere. */
const REFRESH_MS = 1_100;
/** The longest that an instance stays off a service that it has seen fail. */
const HOLD_OFF_MS = 30_000;
const AT_ONCE = 16;
/** Of the answers how many are read in the record again. */
const READ = 60;

/** What callers were given so far. */
const given: (Answer & { readonly kind: AskKind })[] = [];

async function ask(instance: FunctionInstance, kind: AskKind, apiKey: string): Promise<Answer> {
  const answer = await instance.ask(kind, apiKey);
  given.push({ ...answer, kind });
  return answer;
}

/** One whom nothing has been recorded of yet. */
function takeCaller(): string {
  const apiKey = world.apiKeys[nextCaller];
  nextCaller += 1;
  if (apiKey === undefined) throw new Error('the world has too few callers');
  return apiKey;
}

interface Tried {
  readonly answer: Answer;
  /** Those of the exchange alone. */
  readonly calls: readonly ProxiedCall[];
  readonly recovered: boolean;
  /** Of the invocation. */
  readonly timeoutMs: number;
}

interface Trial extends Pick<Cell, 'state' | 'kind'> {
  readonly timeoutMs?: number;
  readonly plan?: PlannedFault;
}

/** One exchange of a new instance, or the second of it, and others until one is as it should be. */
async function tryOnce({ state, kind, timeoutMs = LONG_MS, plan }: Trial): Promise<Tried> {
  await using instance = await startInstance(world, { timeoutMs });
  const { proxy } = instance;
  const caller = state === 'warm' ? (world.apiKeys[0] ?? '') : takeCaller();
  if (state === 'warm') await ask(instance, 'buffered', caller);
  const before = proxy.calls.length;
  if (plan !== undefined) proxy.plan(plan);
  // What was erased is asked for by then, with an invocation or before it.
  if (state === 'warm') await pause(REFRESH_MS);
  const answer = await ask(instance, kind, caller);
  const calls = proxy.calls.slice(before);
  proxy.mend();
  const recovered = plan === undefined || (await recovers(instance, kind, caller));
  return { answer, calls, recovered, timeoutMs };
}

async function tryCell(cell: Cell): Promise<Tried> {
  const { state, kind, call, after, fault } = cell;
  const plan = { call, after, ...faults[fault] };
  if (!isSlow(cell)) return tryOnce({ state, kind, plan });
  let tried = await tryOnce({ state, kind, plan, timeoutMs: SHORT_MS });
  for (const timeoutMs of LONGER_MS) {
    if (!hasBefallen(tried.calls)) tried = await tryOnce({ state, kind, plan, timeoutMs });
  }
  return tried;
}

const hasBefallen = (calls: readonly ProxiedCall[]) => calls.some(({ fault }) => fault !== undefined);

async function recovers(instance: FunctionInstance, kind: AskKind, caller: string): Promise<boolean> {
  for (const end = performance.now() + HOLD_OFF_MS; performance.now() < end; await pause(500)) {
    if (isGood(await ask(instance, kind, caller), kind)) return true;
  }
  return false;
}

function isGood({ stopReason, error }: Answer, kind: AskKind): boolean {
  return error === undefined && stopReason === (kind === 'blocked' ? 'guardrail_intervened' : 'end_turn');
}

/** What of a cell is not as it must be. */
function problemsOf({ kind, fault }: Cell, { answer, calls, recovered, timeoutMs }: Tried): readonly string[] {
  const { message, error, status, tookMs } = answer;
  const models = calls.filter(({ name }) => name.startsWith('bedrock'));
  const isRetried = hasBefallen(models);
  const firstModel = calls.findIndex(({ name }) => name.startsWith('bedrock'));
  const isDurable = calls
    .slice(0, Math.max(0, firstModel))
    .some(({ name, status: said }) => name === 'dynamodb PutItem journal' && said === 200);
  const rules: readonly (readonly [problem: string, holds: boolean])[] = [
    ['the fault has befallen nothing', hasBefallen(calls)],
    ['AWS is quoted', !message.includes(WORDS_OF_AWS)],
    ['it is neither the answer nor a fault of the protocol', isGood(answer, kind) || /Exception$/.test(error ?? '')],
    ['the fault is said to be a defect', status !== 500 || isRefusalOfRights(calls, fault)],
    ['the model is asked too often', models.length <= (isRetried ? 2 : 1)],
    ['the model is asked before the request is durable', firstModel === -1 || isDurable],
    ['the invocation overruns its time', faults[fault].fault.kind !== 'hold' || tookMs < timeoutMs],
    ['it does not answer once the fault is gone', recovered],
  ];
  return rules.flatMap(([problem, holds]) => (holds ? [] : [problem]));
}

/** Bedrock has 500 alone for a gateway that lacks a right at STS, at the model, or at what it reads for them. */
function isRefusalOfRights(calls: readonly ProxiedCall[], fault: FaultName): boolean {
  const name = calls.find(({ fault: befell }) => befell !== undefined)?.name ?? '';
  return fault === 'fails for good' && /^(?:sts|bedrock|secretsmanager|ssm) /.test(name);
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Calls as cells name them. */
function toPlaces(calls: readonly ProxiedCall[]): readonly Pick<Cell, 'call' | 'after'>[] {
  return calls.map(({ name: call }, index) => ({
    call,
    after: calls.slice(0, index).filter(({ name }) => name === call).length,
  }));
}

/** Where a reply that is lost leaves something behind. */
const isWrite = (call: string) => /^(?:dynamodb (?:Put|Update|Transact)|s3 PUT)/.test(call);

function faultsOf(call: string): readonly FaultName[] {
  return faultNames.filter((fault) => fault !== 'lands, and no reply comes at any try' || isWrite(call));
}

/** Made by a clock of its own: one of them is as good as another. */
const REFRESH = 'dynamodb Query';

async function toTable(
  state: Cell['state'],
  kind: AskKind,
  isWanted: (call: string) => boolean = () => true,
): Promise<readonly Cell[]> {
  const { calls } = await tryOnce({ state, kind });
  return toPlaces(calls)
    .filter(({ call, after }) => isWanted(call) && (after === 0 || !call.startsWith(REFRESH)))
    .flatMap((place) => faultsOf(place.call).map((fault) => ({ state, kind, ...place, fault })));
}

/** Of a kind of exchange what the others have otherwise. */
const isOfKind = (call: string) => /journal|bedrock/.test(call);

/** How each service says that it is asked too much. */
const throttled = [
  { state: 'cold', kind: 'buffered', call: 'secretsmanager GetSecretValue', status: 400, code: 'ThrottlingException' },
  { state: 'cold', kind: 'streamed', call: 'ssm GetParameter', status: 400, code: 'ThrottlingException' },
  { state: 'cold', kind: 'streamed', call: 'kms Decrypt', status: 400, code: 'ThrottlingException' },
  { state: 'cold', kind: 'buffered', call: 'sts AssumeRole', status: 400, code: 'Throttling' },
  {
    state: 'warm',
    kind: 'buffered',
    call: 'dynamodb GetItem state',
    status: 400,
    code: 'ProvisionedThroughputExceededException',
  },
  { state: 'warm', kind: 'streamed', call: 'dynamodb PutItem journal', status: 400, code: 'ThrottlingException' },
  { state: 'warm', kind: 'large', call: 's3 PUT journal', status: 503, code: 'SlowDown' },
  { state: 'warm', kind: 'buffered', call: 'bedrock converse', status: 429, code: 'ThrottlingException' },
  { state: 'warm', kind: 'streamed', call: 'bedrock converse-stream', status: 429, code: 'ThrottlingException' },
] as const;

const namesOf = (calls: readonly ProxiedCall[]) => calls.map(({ name }) => name);

describe.skipIf('reason' in installed)('calls of AWS around an exchange', () => {
  it('are these, cold and warm', async () => {
    // What only the first of all instances does: the receipt key and the gateway's own record key.
    await tryOnce({ state: 'cold', kind: 'buffered' });
    const cold = await tryOnce({ state: 'cold', kind: 'buffered' });
    expect(new Set(namesOf(cold.calls).filter((name) => !name.startsWith(REFRESH)))).toEqual(
      new Set([
        'secretsmanager GetSecretValue',
        'ssm GetParameter',
        'dynamodb GetItem state',
        'dynamodb PutItem state',
        'dynamodb UpdateItem state',
        'dynamodb TransactWriteItems state',
        'dynamodb PutItem journal',
        'kms GenerateDataKey',
        'kms Decrypt',
        'sts AssumeRole',
        'bedrock converse',
      ]),
    );
    const warm = await tryOnce({ state: 'warm', kind: 'streamed' });
    const own = ['dynamodb PutItem journal', 'bedrock converse-stream', 'dynamodb PutItem journal'];
    expect(namesOf(warm.calls).filter((name) => !/GetItem|Query/.test(name))).toEqual(own);
  });

  it('may each fail, be slow or lose their reply, and nobody is told or charged what is not so', async () => {
    const table = (
      await Promise.all([
        toTable('cold', 'buffered'),
        toTable('warm', 'buffered'),
        toTable('warm', 'streamed', isOfKind),
        toTable('warm', 'blocked', isOfKind),
        toTable('warm', 'large', (call) => call.startsWith('s3')),
      ])
    ).flat();
    expect(table.length).toBeGreaterThan(120);
    // The slow ones first: they wait for one another.
    const slowFirst = table.toSorted((a, b) => Number(isSlow(b)) - Number(isSlow(a)));
    const problems: string[] = [];
    await inParallel(slowFirst, async (cell) => {
      const tried = await tryCell(cell);
      const { state, kind, call, after, fault } = cell;
      const { status, error } = tried.answer;
      const what = `${state} ${kind}: ${call} (${after}) ${fault}: ${status} ${error ?? ''}`;
      problems.push(...problemsOf(cell, tried).map((problem) => `${what}: ${problem}`));
    });
    expect(problems).toEqual([]);
  }, 300_000);

  it('are not made without end where they are throttled, and who called is told to come again', async () => {
    const told: object[] = [];
    await inParallel(throttled, async ({ state, kind, call, status, code }) => {
      const plan: PlannedFault = { call, fault: { kind: 'refuse', status, code } };
      const { answer, calls, recovered } = await tryOnce({ state, kind, plan });
      expect(answer.message).not.toContain(WORDS_OF_AWS);
      expect(recovered).toBe(true);
      const tries = calls.filter(({ fault }) => fault !== undefined).length;
      // Where it is due, an instance reads from the state beside that how far the log is behind, as often.
      const requests = call === 'dynamodb GetItem state' && tries <= 6 ? Math.min(tries, 3) : tries;
      told.push({ call, requests, status: answer.status, error: answer.error });
    });
    const unavailable = { requests: 3, status: 503, error: 'ServiceUnavailableException' };
    const busy = { requests: 2, status: 429, error: 'ThrottlingException' };
    const expected = throttled.map(({ call }) => ({ call, ...(call.startsWith('bedrock') ? busy : unavailable) }));
    expect(told).toHaveLength(expected.length);
    expect(told).toEqual(expect.arrayContaining(expected));
  }, 300_000);

  it('leave one log, with each exchange that was answered, and none without its end', async () => {
    // Of what nobody has ended, the time is over by then.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 60_000 });
    const files = { configFile: world.configFile, dataDirectory: join(world.directory, 'data') };
    const logDestination = join(world.directory, 'sequencer.log');
    const sequence = createSequencerHandler(await functionSetupOf(files, { logDestination }));
    const ended = await sequence({}, { getRemainingTimeInMillis: () => LONG_MS });
    expect(ended).toMatchObject({ hasMore: false, damaged: 0 });
    expect(ended.interrupted).toBeGreaterThan(0);
    vi.useRealTimers();
    await using administration = await openAdministration(files);
    const { audit } = administration;
    const rows = await Array.fromAsync(rowsOf(audit.index));
    const responses = Map.groupBy(
      rows.filter(({ type }) => type === 'response').toSorted((one, other) => one.index - other.index),
      ({ requestId }) => requestId,
    );
    const requests = rows.filter(({ type }) => type === 'request').map(({ requestId }) => requestId);
    expect([...responses.keys()].toSorted()).toEqual(requests.toSorted());
    // Of a response that landed while no reply came, and then another that says so, nobody got the first.
    for (const ends of responses.values()) {
      if (ends.length > 1) expect(ends.filter(({ decision }) => decision !== 'failed')).toHaveLength(1);
    }
    for (const { requestId, error } of given)
      if (error === undefined) expect(responses.get(requestId as never)).toHaveLength(1);
    // All that broke off, and of the others the last.
    const read = given.filter((one, at) => one.text !== '' && (one.error !== undefined || at > given.length - READ));
    for (const { requestId, text, kind } of read) {
      const found = await audit.find(parseRequestId(requestId));
      const released = found.flatMap(({ record }) => {
        if (record?.kind === 'release') return record.events;
        return record?.kind === 'response' ? (record.released ?? []) : [];
      });
      const recorded = released.map((event) => (event.kind === 'delta' ? event.text : '')).join('');
      if (kind === 'blocked') expect(found.at(-1)?.record).toMatchObject({ status: 'blocked' });
      else expect(recorded.startsWith(text)).toBe(true);
    }
    const said = await verified(files, world, audit.verifierKey);
    expect(said).toContain('result: internally consistent');
    expect(said).toContain(`size: ${ended.size}\n`);
    expect(said).toContain('faults: 0');
  }, 300_000);
});

const isSlow = ({ fault }: Cell) => faults[fault].fault.kind === 'hold';

type Index = Awaited<ReturnType<typeof openAdministration>>['audit']['index'];

async function* rowsOf(index: Index) {
  for (let below: number | undefined; ; ) {
    const page = await index.list({ limit: 100, ...(below === undefined ? {} : { below }) });
    yield* page;
    below = page.at(-1)?.index;
    if (page.length < 100) return;
  }
}

interface Files {
  readonly configFile: string;
  readonly dataDirectory: string;
}

/** What the verifier says that goes with an export. */
async function verified(
  { configFile, dataDirectory }: Files,
  { directory }: World,
  verifierKey: string,
): Promise<string> {
  const out = join(directory, 'log');
  const args = ['audit', 'export', '--out', out, '--config', configFile];
  const exported = await runSallyport(args, { SALLYPORT_DATA: dataDirectory });
  if (exported.code !== 0) throw new Error(exported.error);
  const verify = ['verify.mjs', '.', '--key', verifierKey];
  return (await promisify(execFile)(process.execPath, verify, { cwd: out })).stdout;
}

describe.skipIf('reason' in installed)('calls of AWS of the function that writes the log', () => {
  const context = { getRemainingTimeInMillis: () => LONG_MS };

  /** What a run with a fault called, and how much there is in the log after one without. */
  async function runTwice(own: World, plan?: PlannedFault) {
    const { proxy, logFile: logDestination, ...files } = await startProxied(own);
    const sequence = createSequencerHandler(await functionSetupOf(files, { logDestination }));
    if (plan !== undefined) proxy.plan(plan);
    await sequence({}, context).catch(() => undefined);
    const calls = [...proxy.calls];
    proxy.mend();
    const { size } = await sequence({}, context);
    await proxy.close();
    return { calls, size };
  }

  async function findLog(own: World) {
    const files = { configFile: own.configFile, dataDirectory: join(own.directory, 'data') };
    await using administration = await openAdministration(files);
    const { audit } = administration;
    const place = toRecordPlace(administration);
    const log = await verifyAudit({ place, verifierKeys: [audit.verifierKey], reading: audit.reading() });
    const rows = await Array.fromAsync(rowsOf(audit.index));
    return { size: log.size, faultCount: log.faultCount, unsequenced: log.unsequenced, indexed: rows.length };
  }

  it('may each fail, be slow or lose their reply, and nothing is lost or comes twice', async () => {
    const cells: PlannedFault[] = [];
    const problems: string[] = [];

    /** One world, of which cells are tried one after another. */
    async function tryCells(name: string): Promise<void> {
      await using own = await makeWorld(services, { name, callers: 1 });
      await using instance = await startInstance(own);
      let size = 2;
      const run = async (plan?: PlannedFault) => {
        expect((await instance.ask('buffered', own.apiKeys[0] ?? '')).error).toBeUndefined();
        size += 2;
        const ran = await runTwice(own, plan);
        const what = `${plan?.call} ${JSON.stringify(plan?.fault)}`;
        if (ran.size !== size) problems.push(`${what}: ${ran.size} entries where ${size} were recorded`);
        if (plan !== undefined && ran.calls.every(({ fault }) => fault === undefined))
          problems.push(`${what}: it befell none`);
        return ran.calls;
      };
      if (cells.length === 0) {
        const names = [...new Set(namesOf(await run()))];
        expect(names.length).toBeGreaterThan(8);
        for (const call of names) cells.push(...faultsOf(call).map((fault) => toPlan(call, fault)));
        // S3 is waited for longest: its cells come first.
        cells.sort((a, b) => Number(b.call.startsWith('s3')) - Number(a.call.startsWith('s3')));
        await Promise.all(['b', 'c', 'd', 'e', 'f', 'g'].map((other) => tryCells(`seq-${other}`)));
      } else for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) await run(cell);
      expect(await findLog(own)).toEqual({ size, faultCount: 0, unsequenced: 0, indexed: size });
    }
    await tryCells('seq-a');
    expect(problems).toEqual([]);
  }, 300_000);
});

/** Of a slow call of the sequencer one try: all of them are as a failure that comes late. */
function toPlan(call: string, fault: FaultName): PlannedFault {
  return { call, ...faults[fault], ...(faults[fault].fault.kind === 'hold' ? { times: 1 } : {}) };
}
