import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { endAtExit } from '../at-exit.ts';
import { verificationFaults } from './campaign.ts';
import { startClients } from './clients.ts';
import { findFaults } from './faults.ts';
import { complaintsOf, type House, serve, settle } from './house.ts';
import { readLog } from './logged.ts';

const program = new URL('./sequencer-process.ts', import.meta.url);
const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('added'), added: z.int() }),
  z.object({ kind: z.literal('fault'), fault: z.string() }),
]);

/** How long one sequencer works before it is killed and another takes its place. */
const LIFE_MS = [300, 1_500] as const;

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

/** Lets a gateway and so many other processes, one after another, sequence one journal; there must be one log, and all in it. */
export async function runSecondSequencer(house: House, sequencers: number): Promise<SecondSequencerResult> {
  const serving = await serve(house);
  const clients = startClients({ endpoint: serving.endpoint, headers: house.headers, run: 0 });
  const tally: Tally = { sequencers: 0, added: 0, rejected: {} };
  const keptDirectory = join(dirname(house.dataDirectory), 'kept');
  while (tally.sequencers < sequencers) await sequenceOnce(house, keptDirectory, tally);
  const observations = await clients.stop();
  const faults = complaintsOf(serving).map((line) => `the gateway complained: ${line}`);
  await serving.server[Symbol.asyncDispose]();
  await settle(house);
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
  await killed(child);
  tally.sequencers += 1;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
