import { arch, availableParallelism, cpus, release, type } from 'node:os';
import { type Figure, toFigureTable } from '../audit/figures.ts';
import { toTable } from '../report.ts';
import { spreadOf } from '../statistics.ts';
import { toCost, totalOf, toWakesPerCall } from './cost.ts';
import { overheadOf } from './figures.ts';
import { LOOKED_UP, type Price, prices, REGION } from './prices.data.ts';
import { GATEWAY_MIB, type KindRun, type Ran, SEQUENCER_MIB } from './running.ts';
import { plus, times, type Use } from './use.ts';

export interface Reported {
  readonly figures: readonly Figure[];
  readonly ran: Ran;
  /** Cores that something else used meanwhile. */
  readonly busyElsewhere: number;
}

const MILLION = 1_000_000;
/** Of a month of 30 days. */
const MINUTES = 43_200;
const WINDOW_SECONDS = 1;
/** What stores of AWS are taken to need on a call's way: those here are others, on a machine that they share. */
const STORE_SECONDS = 0.02;
/** Calls a second. */
const rates = [1 / 60, 1, 20];

/** The bench's part of the page. */
export function toPart({ figures, ran, busyElsewhere }: Reported): string {
  const judged = figures.filter(({ met }) => met !== null);
  const missed = judged.filter(({ met }) => met === false).length;
  return [
    "*Emulator* figures, of `npm run bench -- lambda`: the bundle in AWS's runtime interface emulator under AWS's runtime " +
      "client, DynamoDB Local, moto's S3, servers of this repository in the place of KMS, STS and Secrets Manager, and the " +
      'simulator as Bedrock, all on one machine, one call at a time. Lambda has other processors and a slower disk.',
    describeMachine(busyElsewhere),
    toFigureTable(figures),
    `${judged.length - missed} of ${judged.length} aims met. **Overhead** is the time that the emulator would bill, less the ` +
      'time in which at least one call of DynamoDB, KMS or Bedrock was under way, as a proxy before them saw it: what ' +
      'clients of AWS take to sign, send and read is in the overhead. *Without a core* is how long the function could ' +
      "have run in all and had none: that is the machine's, and part of it is in the overhead.",
    ...toUseText(ran),
    ...toCostText(ran),
  ].join('\n\n');
}

/** What it was run on. */
export function describeMachine(busyElsewhere: number): string {
  return (
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${type()} ${release()} ${arch()}, Node ` +
    `${process.versions.node}. Meanwhile something else used ${busyElsewhere.toFixed(2)} of its cores.`
  );
}

const secondsOf = ({ gibSeconds }: Use, memoryMiB: number) => (gibSeconds * 1_024) / memoryMiB;

const round = (value: number) => (value === 0 ? 0 : Number(value.toPrecision(3)));

/** What each thing that a run did came to, by its name. */
interface NamedUse {
  readonly name: string;
  readonly use: Use;
  readonly memoryMiB: number;
}

export function toNamedUses({ kinds, wake, emptyWake }: Ran): readonly NamedUse[] {
  return [
    ...kinds.flatMap(({ kind: { name }, gateway, sequencer }) => [
      { name: `${name}: gateway`, use: gateway, memoryMiB: GATEWAY_MIB },
      { name: `${name}: sequencer`, use: sequencer, memoryMiB: SEQUENCER_MIB },
    ]),
    { name: 'a wake of the sequencer', use: wake, memoryMiB: SEQUENCER_MIB },
    { name: 'a wake for nothing', use: emptyWake, memoryMiB: SEQUENCER_MIB },
  ];
}

function toUseText(ran: Ran): readonly string[] {
  const { kinds } = ran;
  return [
    '### What a call takes of AWS',
    kinds.map(({ kind, invocations }) => `- **${kind.name}**: ${kind.about}; mean of ${invocations.length}`).join('\n'),
    "Request units are DynamoDB Local's, which counts by AWS's rule, and of transactions and empty reads by that rule " +
      'itself. What the sequencer takes, the index in it, is told for each call and, beside that, for each time that it is ' +
      'woken. *Own* are the seconds in which no call of a service was under way: DynamoDB Local and moto are one process each.',
    toTable(
      ['what', 'WRU', 'RRU', 'S3 puts, lists', 'S3 gets', 'KMS', 'log bytes', 'seconds', 'own'],
      toNamedUses(ran).map(toUseRow),
    ),
  ];
}

function toUseRow({ name, use, memoryMiB }: NamedUse): readonly (string | number)[] {
  const seconds = secondsOf(use, memoryMiB);
  const { writes, reads, puts, gets, keys, logBytes, ownSeconds } = use;
  return [name, ...[writes, reads, puts, gets, keys, logBytes, seconds, ownSeconds].map(round)];
}

function toCostText(ran: Ran): readonly string[] {
  const priced = ran.kinds.filter(({ kind }) => kind.costs !== undefined);
  const idle = totalOf(toCost(times(ran.emptyWake, MINUTES), prices, 'x64'));
  return [
    '### A million calls',
    `US dollars in ${REGION}, the model's own price apart, by [prices](#prices) that were looked up and are no offer. ` +
      `Assumed: the gateway with ${GATEWAY_MIB} MB, the sequencer with ${SEQUENCER_MIB}, the model taking ` +
      `${priced.map(({ kind }) => `${kind.costs?.modelSeconds} s for ${kind.name}`).join(' and ')}, stores ` +
      `${STORE_SECONDS * 1_000} ms of a call's way; the sequencer woken once a second as long as something is recorded; arm64 ` +
      'as fast as x86-64, which was not measured.',
    toTable(
      [
        ...['calls', 'a second', 'Lambda x86-64', 'Lambda arm64', 'API', 'DynamoDB', 'S3', 'KMS', 'logs'],
        ...['all, x86-64', 'all, arm64', 'sequencer busy'],
      ],
      priced.flatMap((run) => rates.map((rate) => toCostRow(run, ran.wake, rate))),
    ),
    '*Sequencer busy* is the share of its time here; with more than 1 it falls behind, as only one at a time gets on, ' +
      `and gateways refuse requests in the end. A schedule that wakes it each minute for nothing comes to ${round(idle)} a month. Not in it: storage, VPC ` +
      'endpoints, keys and secrets by the month, custom metrics, data that goes to other Regions, starts.',
    '### Prices',
    `Looked up on ${LOOKED_UP}; *assumed* where no page of AWS was at hand that has the number. Where each is from stands ` +
      'beside it in `bench/lambda/prices.data.ts`.',
    toTable(
      ['what', 'US dollars', 'known'],
      Object.values<Price>(prices).map(({ dollars, per, unit, known }) => [
        `${per === 1 ? 'one' : per === 2 ** 30 ? 'a gibibyte of' : per.toLocaleString('en')} ${unit}`,
        dollars,
        known,
      ]),
    ),
  ];
}

function toCostRow(run: KindRun, wake: Use, callsPerSecond: number): readonly (string | number)[] {
  const { use, wakes } = toMillionCalls(run, wake, callsPerSecond);
  const [x64, arm64] = [toCost(use, prices, 'x64'), toCost(use, prices, 'arm64')];
  const { lambda, apiGateway, dynamodb, s3, kms, logs } = x64;
  const busy = callsPerSecond * (secondsOf(run.sequencer, SEQUENCER_MIB) + wakes * secondsOf(wake, SEQUENCER_MIB));
  const dollars = [lambda, arm64.lambda, apiGateway, dynamodb, s3, kms, logs, totalOf(x64), totalOf(arm64)];
  return [run.kind.name, callsPerSecond < 1 ? '1/60' : callsPerSecond, ...dollars.map(round), round(busy)];
}

interface MillionCalls {
  readonly use: Use;
  /** Of the sequencer, for each call. */
  readonly wakes: number;
}

function toMillionCalls(run: KindRun, wake: Use, callsPerSecond: number): MillionCalls {
  const { kind, invocations, gateway, sequencer } = run;
  const { modelSeconds = 0, recordedSeconds = 0 } = kind.costs ?? {};
  const overhead = spreadOf(invocations.map(overheadOf)).median / 1_000;
  const gibSeconds = ((modelSeconds + STORE_SECONDS + overhead) * GATEWAY_MIB) / 1_024;
  const wakesAlone = recordedSeconds / WINDOW_SECONDS;
  const wakes = toWakesPerCall({ callsPerSecond, wakesAlone, windowSeconds: WINDOW_SECONDS });
  return { use: times([{ ...gateway, gibSeconds }, sequencer, times(wake, wakes)].reduce(plus), MILLION), wakes };
}
