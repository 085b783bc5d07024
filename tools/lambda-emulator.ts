import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { LambdaPrograms } from './lambda-runtime/installations.ts';
import { type StreamedInvocation, startRuntimeApi } from './lambda-runtime/runtime-api.ts';

export interface LambdaFunction {
  /** The unpacked bundle. */
  readonly directory: string;
  /** File and export, as in `dist/server/lambda.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In seconds; the emulator ends a function that takes longer. */
  readonly timeout?: number;
}

export interface Invoked {
  /** All that the function answered. The emulator says 200 of everything: an error is known by what is in it. */
  readonly payload: Buffer;
  readonly ms: number;
}

/** A function in an execution environment: the first invocation is a cold one, the others are warm. */
export interface LambdaEmulator {
  /** Of the process that was started: the function's own, or one that the function is a child of. */
  readonly pid: number;
  invoke(event: unknown): Promise<Invoked>;
  /** What the emulator, the runtime and the function wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

/** The same with answers that come as they are written. */
export interface StreamingEmulator extends Omit<LambdaEmulator, 'invoke'> {
  invoke(event: unknown): Promise<StreamedInvocation>;
}

const TIMEOUT_S = 60;
const START_MS = 10_000;

/**
 * Starts a function in AWS's runtime interface emulator, under AWS's runtime client. A streamed answer is gathered by
 * the emulator, which also drops the trailers of one that broke off, and has no phase of initialisation before the
 * first invocation.
 */
export async function startLambdaEmulator(programs: LambdaPrograms, options: LambdaFunction): Promise<LambdaEmulator> {
  const [port, runtimePort] = [await freePort(), await freePort()];
  const child = spawn(
    programs.emulator,
    [
      ...['--runtime-interface-emulator-address', `127.0.0.1:${port}`],
      ...['--runtime-api-address', `127.0.0.1:${runtimePort}`, process.execPath, programs.client, options.handler],
    ],
    { env: toEnvironment(options), cwd: options.directory, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = gather(child);
  await untilListening(child, port);
  const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
  return {
    pid: child.pid ?? 0,
    output,
    async invoke(event) {
      const start = performance.now();
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
      const payload = Buffer.from(await response.arrayBuffer());
      if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${payload}`);
      return { payload, ms: performance.now() - start };
    },
    // The emulator takes the runtime with it when it is asked, and not when it is killed.
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Starts a function under AWS's runtime client alone, before a Runtime API that passes on what is streamed. */
export async function startStreamingEmulator(
  { client }: LambdaPrograms,
  options: LambdaFunction,
): Promise<StreamingEmulator> {
  const api = await startRuntimeApi();
  const environment = { ...toEnvironment(options), AWS_LAMBDA_RUNTIME_API: api.address, _HANDLER: options.handler };
  const child = spawn(process.execPath, [client], {
    env: environment,
    cwd: options.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = gather(child);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the function ended: ${output()}`)));
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    output,
    invoke: (event) => Promise.race([api.invoke(event, (options.timeout ?? TIMEOUT_S) * 1_000), ended]),
    async stop() {
      await end(child, 'SIGKILL');
      await api.close();
    },
  };
}

/** Nothing of this process's environment: what Lambda sets, and what the function is given. */
function toEnvironment({ directory, environment, timeout = TIMEOUT_S }: LambdaFunction): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: directory,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'sallyport',
    AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeout),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/sallyport',
    AWS_LAMBDA_LOG_STREAM_NAME: 'emulated',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...environment,
  };
}

function gather(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (const limit = performance.now() + START_MS; ; await pause(20)) {
    const socket = connect(port, '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      once(socket, 'close').then(() => ['close']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'connect') return;
    if (child.exitCode !== null || performance.now() > limit) throw new Error('the Lambda emulator did not start');
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill(signal);
  await ended;
}
