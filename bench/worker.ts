import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { endAtExit } from './at-exit.ts';

/** A process of the bench's own, spoken to in messages: one answer for each question, in order. */
export interface Worker extends AsyncDisposable {
  readonly pid: number;
  ask(question: object): Promise<unknown>;
}

export interface Upstream extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const listening = z.object({ port: z.int() });

/** Starts `bench/upstream.ts`; resolves once it listens on loopback. */
export async function startUpstream(): Promise<Upstream> {
  const child = endAtExit(fork(join(import.meta.dirname, 'upstream.ts')));
  const { port } = listening.parse(await nextMessage(child));
  return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: () => stop(child) };
}

/** Starts one of the load generators of this folder. */
export function startLoad(file: 'load.ts' | 'soak-load.ts'): Worker {
  const child = endAtExit(fork(join(import.meta.dirname, file)));
  return {
    pid: child.pid ?? 0,
    ask(question) {
      const answer = nextMessage(child);
      child.send(question);
      return answer;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** The next message of a child. Rejects if it ends first. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const fail = () =>
    ended.abort(new Error(`${child.spawnargs.at(-1)} ended with ${child.exitCode ?? child.signalCode}`));
  child.once('exit', fail);
  try {
    const [message] = await once(child, 'message', { signal: ended.signal });
    return message;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off('exit', fail);
  }
}

/** Ends a child: asked first, and killed if it has not gone after five seconds. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
