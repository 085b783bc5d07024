import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { verificationFaults } from './campaign.ts';
import { startClients } from './clients.ts';
import { type House, serve, settle, type Verification } from './house.ts';

/** What lies in the data directory that a log is made of; keys stay. */
const ROLLED_BACK = ['audit', 'state', 'staging'];

export interface RollbackResult {
  /** Entries when the copy was made, when it was put back, and after the gateway had gone on with it. */
  readonly entries: { readonly copied: number; readonly lost: number; readonly goneOn: number };
  /** What a verification said of it: shorter than what was kept, and grown beyond it. */
  readonly whileShorter: readonly string[];
  readonly onceOutgrown: readonly string[];
  /** Whether the sink itself still tells, when the log has outgrown within an hour what the sink had kept. */
  readonly isToldBySinkItself: boolean;
  /** What should have been found and was not, or was found where nothing was wrong. */
  readonly faults: readonly string[];
}

/** Puts an older copy of a gateway's data back, and lets a gateway go on with it: what was kept elsewhere must tell. */
export async function runRollback(house: House, loadMs: number): Promise<RollbackResult> {
  const home = dirname(house.dataDirectory);
  const faults: string[] = [];
  let run = 0;
  const use = async (durationMs: number): Promise<Verification> => {
    run += 1;
    faults.push(...(await callFor(house, run, durationMs)));
    return house.verify(['--with-keys']);
  };
  const before = await use(loadMs);
  copy(house.dataDirectory, join(home, 'copy'));
  const whole = await use(2 * loadMs);
  faults.push(...[before, whole].flatMap(verificationFaults));
  // As storage does that keeps every version of an object: the sink writes the last of an hour over the one before.
  const keptDirectory = join(home, 'kept');
  cpSync(house.vaultDirectory, keptDirectory, { recursive: true });

  for (const name of ROLLED_BACK) rmSync(join(house.dataDirectory, name), { recursive: true, force: true });
  copy(join(home, 'copy'), house.dataDirectory);
  const shorter = await use(0);
  if (shorter.size >= whole.size) throw new Error('the log that was put back is not the shorter one');
  if (shorter.result !== 'damaged') faults.push('that the log is older than a kept checkpoint was not found');

  let outgrown = shorter;
  for (let more = 0; outgrown.size <= whole.size && more < 10; more += 1) outgrown = await use(2 * loadMs);
  const against = await house.verify(['--with-keys', '--checkpoint', keptDirectory]);
  if (against.result !== 'damaged')
    faults.push('that the log is another than the one of a kept checkpoint was not found');
  return {
    entries: { copied: before.size, lost: whole.size, goneOn: outgrown.size },
    whileShorter: messagesOf(shorter),
    onceOutgrown: messagesOf(against),
    isToldBySinkItself: outgrown.result === 'damaged',
    faults,
  };
}

function messagesOf({ faults }: Verification): readonly string[] {
  return faults.map(({ message }) => message);
}

/** Lets clients call for so long, and all of it get into the log. */
async function callFor(house: House, run: number, durationMs: number): Promise<readonly string[]> {
  const { server, endpoint } = await serve(house);
  const clients = startClients({ endpoint, headers: house.headers, run });
  await pause(durationMs);
  await clients.stop();
  await server[Symbol.asyncDispose]();
  return settle(house);
}

function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (ROLLED_BACK.includes(name)) cpSync(join(from, name), join(to, name), { recursive: true });
  }
}
