import { hash } from 'node:crypto';
import type { ObjectStore } from '../log/contracts.ts';
import { createLogReader } from '../log/log-reader.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { type InvocationLogCounts, type InvocationLogSource, readInvocationLog } from './invocation-log.ts';
import { createDirectoryLogSource, createS3LogSource } from './invocation-log-store.ts';
import type { LoggedCall } from './logged-call.ts';
import { type LooseCall, matchByProviderId, matchByRequestId } from './match-calls.ts';
import type { AnsweredCall, AskedCall, BedrockRegions, RecordedCall } from './recorded-call.ts';
import { readRecordedCalls } from './recorded-calls.ts';
import { createReport, type Reconciliation, type Report, type ReportOptions } from './report.ts';
import { createSpool, type Spool } from './spool-store.ts';

export { createDirectoryLogSource, createS3LogSource };

/** What of a range AWS logged, what we recorded, and how the two agree. */
export interface Reconciled extends Reconciliation {
  readonly invocationLog: InvocationLogCounts;
  /** Requests of the range whose record was erased or removed: calls of theirs find none. */
  readonly gone: number;
}

export interface ReconcileOptions extends ReportOptions {
  readonly source: InvocationLogSource;
  /** Of our log. */
  readonly objects: ObjectStore;
  readonly findKey: RecordKeyFinder;
  readonly regions: BedrockRegions;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly onFile?: (files: number) => void;
  readonly onProgress?: (done: number, size: number) => void;
}

/** What is set aside under our request id, and then under the provider's. */
type OwnValue =
  | { readonly kind: 'asked'; readonly call: AskedCall }
  | { readonly kind: 'answered'; readonly call: AnsweredCall }
  | { readonly kind: 'logged'; readonly call: LoggedCall };
type ProviderValue =
  | { readonly kind: 'recorded'; readonly call: RecordedCall }
  | { readonly kind: 'loose'; readonly call: LooseCall };

interface Spools {
  readonly own: Spool<OwnValue>;
  readonly provider: Spool<ProviderValue>;
}

/** Of a million calls, one part is some ten megabytes. */
const PARTS = 64;

/**
 * Holds Bedrock's invocation log against our record. Reads metadata alone, of both.
 *
 * Both sides are divided by a hash of our request id into files, which are matched one by one; what is left is divided
 * and matched by the provider's. So it takes the memory of one part, and neither side has to be in any order.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciled> {
  await using own = await createSpool<OwnValue>();
  await using provider = await createSpool<ProviderValue>();
  const spools = { own, provider };
  const report = createReport(options);
  const gone = await setAsideRecorded(options, spools);
  const invocationLog = await setAsideLogged(options, spools, report);
  for (let part = 0; part < PARTS; part += 1) {
    const matched = matchByRequestId(toOwnIds(await own.read(part)));
    report.addMatched(matched);
    report.addAlone(matched.alone.filter(({ providerRequestId }) => providerRequestId === undefined));
    for (const call of matched.alone) {
      if (call.providerRequestId !== undefined)
        await provider.add(partOf(call.providerRequestId), { kind: 'recorded', call });
    }
    for (const call of matched.loose) await provider.add(partOf(call.logged.requestId), { kind: 'loose', call });
  }
  for (let part = 0; part < PARTS; part += 1) {
    const matched = matchByProviderId(toProviderIds(await provider.read(part)));
    report.addMatched(matched);
    report.addAlone(matched.alone);
    report.addBypassed(matched.loose.map(({ logged }) => logged));
  }
  return { ...report.finish(), invocationLog, gone };
}

async function setAsideRecorded(options: ReconcileOptions, { own }: Spools): Promise<number> {
  let gone = 0;
  for await (const fact of readRecordedCalls({ ...options, reader: createLogReader(options.objects) })) {
    if (fact.kind === 'gone') gone += 1;
    else if (fact.kind === 'answered' || isOfRegion(fact.call, options))
      await own.add(partOf(fact.call.requestId), fact);
  }
  return gone;
}

/** A call that nothing is logged of is kept too: whoever claims its id is told of. */
function isOfRegion(call: AskedCall, { region }: ReconcileOptions): boolean {
  return call.region === undefined || region === undefined || call.region === region;
}

async function setAsideLogged(
  options: ReconcileOptions,
  { own, provider }: Spools,
  report: Report,
): Promise<InvocationLogCounts> {
  const { calls, counts } = readInvocationLog(options.source, options);
  for await (const call of calls) {
    report.countLogged(call);
    if (call.claimedId === undefined)
      await provider.add(partOf(call.requestId), { kind: 'loose', call: { logged: call } });
    else await own.add(partOf(call.claimedId), { kind: 'logged', call });
  }
  return counts;
}

/** A hash that nobody who chooses ids can aim with at one part at no cost. */
function partOf(id: string): number {
  return hash('sha256', id, 'buffer').readUInt32BE() % PARTS;
}

function toOwnIds(values: readonly OwnValue[]) {
  return {
    asked: values.flatMap((value) => (value.kind === 'asked' ? [value.call] : [])),
    answered: values.flatMap((value) => (value.kind === 'answered' ? [value.call] : [])),
    logged: values.flatMap((value) => (value.kind === 'logged' ? [value.call] : [])),
  };
}

function toProviderIds(values: readonly ProviderValue[]) {
  return {
    recorded: values.flatMap((value) => (value.kind === 'recorded' ? [value.call] : [])),
    loose: values.flatMap((value) => (value.kind === 'loose' ? [value.call] : [])),
  };
}
