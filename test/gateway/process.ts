import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Demo } from '../../src/server/index.ts';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');

/** A gateway in a process of its own, as a user starts it. */
export interface GatewayProcess extends AsyncDisposable {
  readonly demo: Demo;
  readonly dataDirectory: string;
  /** Empty for the demo. */
  readonly configFile: string;
  /** Everything it wrote to standard output and standard error so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Sends the signal and resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface GatewayOptions {
  /** Text of a `sallyport.yaml`; without it the demo runs. */
  readonly config?: string;
  readonly dataDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'sallyport-test-'));
}

/** Starts a gateway on free ports and resolves once it is ready. Rejects with its output if it ends before. */
export async function startGatewayProcess(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const dataDirectory = options.dataDirectory ?? temporaryDirectory();
  const args = ['start', '--data', dataDirectory, '--port', '0', '--admin-port', '0'];
  const configFile = options.config === undefined ? '' : join(temporaryDirectory(), 'sallyport.yaml');
  if (options.config !== undefined) {
    writeFileSync(configFile, options.config);
    args.push('--config', configFile);
  }
  const { child, output } = spawnSallyport(args, options.environment);
  const ready = await waitForLine(child, output);
  const demo: Demo =
    options.config === undefined
      ? JSON.parse(readFileSync(join(dataDirectory, 'demo.json'), 'utf8'))
      : { ...ready, region: 'us-east-1', tenant: '', models: [], principals: {} };
  return {
    demo,
    dataDirectory,
    configFile,
    output,
    signal: (name) => void child.kill(name),
    stop: (signal = 'SIGTERM') => stop(child, signal),
    async [Symbol.asyncDispose]() {
      await stop(child, 'SIGTERM');
      if (options.dataDirectory === undefined) rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Runs a command to its end. */
export async function runSallyport(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly error: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment }, cwd: tmpdir() });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    error += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, error };
}

function spawnSallyport(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment }, cwd: tmpdir() });
  let text = '';
  const gather = (chunk: Buffer) => {
    text += chunk;
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  return { child, output: () => text };
}

/** How long a start is waited for: seconds on a machine that does nothing else. */
const START_MS = 120_000;

/** The `started` line of the log names where it listens. */
async function waitForLine(
  child: ChildProcess,
  output: () => string,
): Promise<{ readonly endpoint: string; readonly adminEndpoint: string }> {
  for (let waited = 0; waited < START_MS; waited += 20) {
    const line = output()
      .split('\n')
      .find((text) => text.startsWith('{') && text.includes('"event":"started"'));
    if (line !== undefined) return JSON.parse(line);
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`the gateway did not start:\n${output()}`);
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = await once(child, 'close');
  return code;
}
