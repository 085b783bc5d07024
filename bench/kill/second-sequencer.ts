import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { endAtExit } from '../at-exit.ts';
import { batchUnderWay, stagedBatches, verificationFaults } from './campaign.ts';
import { startClients } from './clients.ts';
import { findFaults } from './faults.ts';
import { complaintsOf, type House, serve, settle } from './house.ts';
import { readLog } from './logged.ts';
import type { Observation } from './observation.ts';

const program = new URL('./sequencer-process.ts', import.meta.url);
const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('added'), added: z.int() }),
  z.object({ kind: z.literal('fault'), fault: z.string() }),
]);

/** How long one sequencer works before it is killed and another takes its place. */
const LIFE_MS = [300, 1_500] as const;
const BURST_MS = 100;

export interface SecondSequencerResult {
  /** Processes that sequenced beside the gateway, each killed in the middle of it. */
  readonly sequencers: number;
  /** Entries that they took into the log, and that are in it in all. */
  readonly added: number;
  readonly entries: number;
  readonly answers: number;
  /** Checkpoints of either that the log was held against. */
  readonly checkpoints: number;
  /** Rounds that rejected, by why: told, and no fault by themselves, for a round is tried again. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

interface Tally {
  sequencers: number;
  added: number;
  readonly rejected: Record<string, number>;
}

/** Lets a gateway and so many other processes, two at a time, sequence one journal; there must be one log, and all in it. */
export async function runSecondSequencer(house: House, sequencers: number): Promise<SecondSequencerResult> {
  const serving = await serve(house);
  const tally: Tally = { sequencers: 0, added: 0, rejected: {} };
  const keptDirectory = join(dirname(house.dataDirectory), 'kept');
  // Two at once beside the gateway's own: so that they come by the same batch at the same time.
  const lane = async () => {
    while (tally.sequencers < sequencers) await sequenceOnce(house, keptDirectory, tally);
  };
  let isOver = false;
  const calling = callInBursts({ ...serving, headers: house.headers }, () => isOver);
  await Promise.all([lane(), lane()]);
  isOver = true;
  const observations = await calling;
  const faults = [...complaintsOf(serving)];
  await serving.server[Symbol.asyncDispose]();
  faults.push(...(await settle(house)));
  const kept = ['--checkpoint', house.vaultDirectory, keptDirectory];
  const verification = await house.verify(['--with-keys', ...kept]);
  const logged = await readLog(house, 0);
  const checkpoints = readdirSync(keptDirectory).length + readdirSync(house.vaultDirectory).length;
  faults.push(...verificationFaults(verification), ...findFaults(observations, logged));
  if (verification.anchors !== checkpoints) {
    faults.push(`of ${checkpoints} checkpoints the log agrees with ${verification.anchors}`);
  }
  return { ...tally, entries: logged.size, answers: observations.length, checkpoints, faults };
}

/** Calls for a while and then not: in the pauses all sequencers find the same, and make the same batch of it. */
async function callInBursts(
  target: { readonly endpoint: string; readonly headers: House['headers'] },
  isOver: () => boolean,
): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  for (let run = 0; !isOver(); run += 1) {
    const clients = startClients({ ...target, run });
    await pause(BURST_MS);
    observations.push(...(await clients.stop()));
    await pause(BURST_MS);
  }
  return observations;
}

/** One more sequencer, killed at a moment that it does not know. */
async function sequenceOnce(house: House, keptDirectory: string, tally: Tally): Promise<void> {
  const child = endAtExit(fork(program, [house.configFile, house.dataDirectory, keptDirectory]));
  const ready = Promise.withResolvers<void>();
  child.on('message', (raw) => {
    const said = message.parse(raw);
    if (said.kind === 'ready') ready.resolve();
    if (said.kind === 'added') tally.added += said.added;
    if (said.kind === 'fault') tally.rejected[said.fault] = (tally.rejected[said.fault] ?? 0) + 1;
  });
  child.once('exit', () => ready.reject(new Error('a sequencer ended before it began')));
  await ready.promise;
  const [least, most] = LIFE_MS;
  await pause(least + Math.random() * (most - least));
  if (tally.sequencers % 2 === 0) await batchUnderWay(house, stagedBatches(house));
  await killed(child);
  tally.sequencers += 1;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
