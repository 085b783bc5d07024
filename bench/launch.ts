import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { endAtExit } from './at-exit.ts';
import { nextMessage, stop } from './worker.ts';

/** What `probe.ts` tells of a Node process from inside. */
const eventLoopReport = z.object({
  delayP50Ms: z.number(),
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
  heapUsedMiB: z.number(),
  activeResources: z.record(z.string(), z.int()),
});
export type EventLoopReport = z.infer<typeof eventLoopReport>;

export interface EventLoop {
  /** Reports since the last call, and begins anew. */
  read(): Promise<EventLoopReport>;
  /** As `read`, after a full garbage collection. */
  collect(): Promise<EventLoopReport>;
}

export interface Launched extends AsyncDisposable {
  readonly pid: number;
  /** Everything it wrote so far. */
  log(): string;
  hasEnded(): boolean;
  /** Ends it at once, without a chance to close anything. */
  kill(): Promise<void>;
}

export interface LaunchedNode extends Launched {
  readonly eventLoop: EventLoop;
}

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a process whose output goes to a file: a pipe would make the bench a part of what it measures. */
export function launch(options: LaunchOptions): Launched {
  return toLaunched(spawnLogged(options, []), options.logFile);
}

/** Starts a Node program with the probe in it, which answers over a channel of its own. */
export function launchNode({ args, ...options }: Omit<LaunchOptions, 'command'>): LaunchedNode {
  const probe = ['--expose-gc', '--import', join(import.meta.dirname, 'probe.ts')];
  const environment = { NODE_ENV: 'production', ...options.environment };
  const child = spawnLogged({ ...options, environment, command: process.execPath, args: [...probe, ...args] }, ['ipc']);
  const ask = async (question: 'read' | 'collect') => {
    const answer = nextMessage(child);
    child.send(question);
    return eventLoopReport.parse(await answer);
  };
  return {
    ...toLaunched(child, options.logFile),
    eventLoop: { read: () => ask('read'), collect: () => ask('collect') },
  };
}

function spawnLogged({ command, args, logFile, directory, environment }: LaunchOptions, channels: readonly 'ipc'[]) {
  const file = openSync(logFile, 'w');
  const child = spawn(command, args, {
    stdio: ['ignore', file, file, ...channels],
    env: { ...process.env, ...environment },
    ...(directory === undefined ? {} : { cwd: directory }),
  });
  closeSync(file);
  // A command that cannot be run has no process id, and counts as ended.
  child.on('error', () => {});
  return endAtExit(child);
}

function toLaunched(child: ChildProcess, logFile: string): Launched {
  return {
    pid: child.pid ?? 0,
    log: () => readFileSync(logFile, 'utf8'),
    hasEnded: () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    kill: () => {
      child.kill('SIGKILL');
      return stop(child);
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** Resolves once `isReady` gives something; rejects with the last lines of the log if the process ends or is too slow. */
export async function readiness<Result>(
  launched: Launched,
  isReady: () => Result | undefined | Promise<Result | undefined>,
  limitMs = 30_000,
): Promise<Result> {
  for (const began = Date.now(); Date.now() - began < limitMs && !launched.hasEnded(); await pause(50)) {
    const result = await isReady();
    if (result !== undefined) return result;
  }
  await launched[Symbol.asyncDispose]();
  throw new Error(`it did not start:\n${launched.log().split('\n').slice(-15).join('\n')}`);
}

/** Whether something accepts requests there: any answer will do. */
export async function answers(url: string): Promise<true | undefined> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    // Not yet; `readiness` asks again until its limit.
    return undefined;
  }
}

/** A port that was free a moment ago, for programs that must be told one. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
