import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startClients } from './clients.ts';
import { findFaults } from './faults.ts';
import { complaintsOf, type House, serve, settle, type Verification } from './house.ts';
import { readLog } from './logged.ts';
import type { Observation } from './observation.ts';

/**
 * When a gateway is killed: under load, longer under load, while it publishes a batch, before it is ready, or while it is
 * stopping.
 */
type Moment = 'load' | 'long' | 'batch' | 'start' | 'drain';

export interface CampaignOptions {
  readonly house: House;
  readonly kills: number;
  /** Kills after which all is checked, again and again; and at the end. */
  readonly checkEvery: number;
  readonly onProgress?: (text: string) => void;
}

export interface CampaignResult {
  readonly kills: Readonly<Record<Moment, number>>;
  /** Answers that a client got whole, and in part. */
  readonly whole: number;
  readonly partial: number;
  /** Answers with another status than 200. */
  readonly refused: number;
  /** Kills that left a batch which was on its way into the log. */
  readonly staged: number;
  /** Staged batches that are still there at the end, when all is in the log. Told, and not judged. */
  readonly orphans: number;
  /** Entries of the log at the end. */
  readonly entries: number;
  /** One line each. */
  readonly faults: readonly string[];
}

/** A round comes every second. */
const BATCH_MS = 3_000;

/** What has been checked, and what is to be. */
interface State {
  readonly house: House;
  readonly faults: string[];
  readonly seen: Set<string>;
  waiting: Observation[];
  checked: number;
}

/** Kills a gateway again and again while clients use it, each time on what the one before left. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { house, kills, checkEvery, onProgress = () => {} } = options;
  const counts: Record<Moment, number> = { load: 0, long: 0, batch: 0, start: 0, drain: 0 };
  const answers = { whole: 0, partial: 0, refused: 0 };
  let staged = 0;
  const state: State = { house, faults: [], seen: new Set(), waiting: [], checked: 0 };
  for (let run = 0; run < kills; run += 1) {
    const moment = momentOf(run);
    const before = stagedBatches(house);
    const observations = await killOnce(house, { run, moment, faults: state.faults });
    counts[moment] += 1;
    if (hasMore(house, before)) staged += 1;
    for (const { status, isWhole } of observations) {
      answers[status !== 200 ? 'refused' : isWhole ? 'whole' : 'partial'] += 1;
    }
    state.waiting.push(...observations);
    if ((run + 1) % checkEvery !== 0 && run + 1 < kills) continue;
    await check(state);
    const { whole, partial } = answers;
    onProgress(`${run + 1} kills, ${whole} answers whole and ${partial} in part, ${state.faults.length} faults`);
  }
  const orphans = stagedBatches(house).size;
  return { kills: counts, ...answers, staged, orphans, entries: state.checked, faults: state.faults };
}

/** Of ten kills five are under load; in one order, so that a few have all. */
function momentOf(run: number): Moment {
  if (run % 10 === 3) return 'start';
  if (run % 5 === 1) return 'batch';
  if (run % 10 === 5) return 'drain';
  return run % 10 === 8 ? 'long' : 'load';
}

const between = (least: number, most: number) => least + Math.random() * (most - least);

interface Kill {
  readonly run: number;
  readonly moment: Moment;
  /** Where a gateway that does not start, or complains, is told. */
  readonly faults: string[];
}

async function killOnce(house: House, { run, moment, faults }: Kill): Promise<readonly Observation[]> {
  if (moment === 'start') {
    const server = house.spawn();
    await pause(between(0, 1_200));
    await server.kill();
    return [];
  }
  const before = stagedBatches(house);
  const serving = await serve(house);
  const { server, endpoint } = serving;
  const clients = startClients({ endpoint, headers: house.headers, run });
  await (moment === 'batch'
    ? batchUnderWay(house, before)
    : pause(moment === 'long' ? between(400, 2_500) : between(5, 400)));
  if (moment === 'drain') {
    process.kill(server.pid, 'SIGTERM');
    await pause(between(0, 300));
  }
  await server.kill();
  const observations = await clients.stop();
  faults.push(...complaintsOf(serving).map((line) => `kill ${run}: ${line}`));
  return observations;
}

/** A batch is staged for some milliseconds in a second: at a moment left to chance it would hardly ever be hit. */
export async function batchUnderWay(house: House, before: ReadonlySet<string>): Promise<void> {
  for (const began = Date.now(); !hasMore(house, before) && Date.now() - began < BATCH_MS; ) await pause(1);
  await pause(between(0, 10));
}

/** Names of the batches that are on their way into the log, those of them that are being written too. */
export function stagedBatches({ dataDirectory }: House): ReadonlySet<string> {
  const directory = join(dataDirectory, 'staging', 'staging');
  return new Set(existsSync(directory) ? readdirSync(directory) : []);
}

/** Whether there is one that was not there before. */
function hasMore(house: House, before: ReadonlySet<string>): boolean {
  return [...stagedBatches(house)].some((name) => !before.has(name));
}

/** Lets all get into the log, and holds what clients got since the last time against it. */
async function check(state: State): Promise<void> {
  const { house, faults, seen, waiting } = state;
  faults.push(...(await settle(house)));
  faults.push(...verificationFaults(await house.verify(['--with-keys'])));
  const logged = await readLog(house, state.checked);
  for (const id of logged.exchanges.keys()) {
    if (seen.has(id)) faults.push(`${id}: the log had it before, and has more of it now`);
    seen.add(id);
  }
  faults.push(...findFaults(waiting, logged));
  state.waiting = [];
  state.checked = logged.size;
}

/** What a verification of a settled log with a kept checkpoint must not say. */
export function verificationFaults({ result, faults, unsequenced }: Verification): readonly string[] {
  const found = faults.map(({ index, path, message }) => `verify: entry ${index ?? '–'}, ${path ?? '–'}: ${message}`);
  if (result !== 'verified' && found.length === 0) found.push(`verify: it is ${result}`);
  if (unsequenced > 0) found.push(`verify: ${unsequenced} entries are not in the log`);
  return found;
}
