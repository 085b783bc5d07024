import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { demoConfigText } from '../../src/config/index.ts';
import { type Launched, launch, readiness } from '../launch.ts';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');
const createdKey = z.object({ apiKey: z.string() });
const started = z.object({ endpoint: z.string() });

const verification = z.object({
  result: z.enum(['verified', 'internally consistent', 'damaged']),
  size: z.int(),
  unsequenced: z.int(),
  anchors: z.int(),
  faults: z.array(z.object({ index: z.int().optional(), path: z.string().optional(), message: z.string() })),
});
export type Verification = z.infer<typeof verification>;

/** A gateway's data directory and configuration: what outlives its processes. Checkpoints go to a file sink beside it. */
export interface House {
  readonly configFile: string;
  readonly dataDirectory: string;
  /** Where the file sink keeps checkpoints. */
  readonly vaultDirectory: string;
  /** Of calls. */
  readonly headers: Readonly<Record<string, string>>;
  /** Starts a gateway's process, which is not ready yet. */
  spawn(): Launched;
  /** Verifies as an operator does. */
  verify(more?: readonly string[]): Promise<Verification>;
}

/** A gateway that answers. */
export interface Serving {
  readonly server: Launched;
  readonly endpoint: string;
}

/** Makes one within `parent`, with the demo's configuration and one application's key. */
export async function createHouse(parent: string): Promise<House> {
  const home = mkdtempSync(join(parent, 'house-'));
  const [configFile, dataDirectory, vaultDirectory] = [
    join(home, 'sallyport.yaml'),
    join(home, 'data'),
    join(home, 'vault'),
  ];
  // As an operator mounts it: a gateway that is killed early has told it nothing yet.
  mkdirSync(vaultDirectory);
  const sink = { name: 'vault', kind: 'file', directory: vaultDirectory };
  writeFileSync(
    configFile,
    `${demoConfigText}\nlimits: { drainMs: 2000 }\naudit: { sinks: [${JSON.stringify(sink)}] }\n`,
  );
  const setup = ['--config', configFile, '--data', dataDirectory];
  const created = await runCommand(['key', 'create', '-t', 'demo', '-p', 'developer', '--json', ...setup]);
  if (created.code !== 0) throw new Error(`no API key could be made:\n${created.error}`);
  const { apiKey } = createdKey.parse(JSON.parse(created.out));
  return {
    configFile,
    dataDirectory,
    vaultDirectory,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    spawn: () =>
      launch({
        command: process.execPath,
        args: [main, 'start', ...setup, '--port', '0', '--admin-port', '0'],
        logFile: join(home, 'gateway.log'),
      }),
    async verify(more = []) {
      const { code, out, error } = await runCommand(['audit', 'verify', '--json', ...more, ...setup]);
      if (code !== 0 && code !== 1) throw new Error(`the record could not be verified:\n${error}`);
      return verification.parse(JSON.parse(out));
    },
  };
}

/** Starts a gateway and waits until it answers. Rejects with the end of its log if it ends before. */
export async function serve(house: House): Promise<Serving> {
  const server = house.spawn();
  const { endpoint } = await readiness(server, () => {
    const line = server
      .log()
      .split('\n')
      .find((text) => text.startsWith('{') && text.includes('"event":"started"'));
    return line === undefined ? undefined : started.parse(JSON.parse(line));
  });
  return { server, endpoint };
}

const SEQUENCED_MS = 60_000;

/** Starts a gateway on what is there, waits until all of it is in the log, and stops it in order. Gives what went wrong. */
export async function settle(house: House): Promise<readonly string[]> {
  const faults: string[] = [];
  const serving = await serve(house);
  try {
    for (const began = Date.now(); ; await pause(200)) {
      // Beside the gateway, which takes the journal into the log meanwhile: that must not disturb it.
      const unsequenced = await house.verify().then(
        (verified) => verified.unsequenced,
        (error: Error) => void faults.push(error.message),
      );
      if (unsequenced === 0) break;
      if (Date.now() - began < SEQUENCED_MS) continue;
      faults.push(`${unsequenced ?? 'an unknown number of'} entries do not get into the log`);
      break;
    }
    return [...faults, ...complaintsOf(serving)];
  } finally {
    await serving.server[Symbol.asyncDispose]();
  }
}

/**
 * Lines of a gateway's log that say something is wrong. Not so where entries come late into the log: they waited for a
 * gateway to run.
 */
export function complaintsOf({ server }: Serving): readonly string[] {
  return server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{"level":50') || line.startsWith('{"level":60'))
    .filter((line) => !line.includes('"receipts kept late"'))
    .map((line) => `the gateway complained: ${line}`);
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function runCommand(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const limits = { maxBuffer: 2 ** 28 };
    const child = execFile(process.execPath, [main, ...args], limits, (_fault, out, error) => {
      resolve({ code: child.exitCode, out, error });
    });
  });
}
