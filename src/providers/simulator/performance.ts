import { type AnswerEvent, GatewayError } from '../../core/index.ts';
import { throwIfCancelled, toCancelled } from '../cancelled.ts';
import type { Script } from './script.ts';

/** Waits, and rejects once `signal` aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

interface Stage {
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

/** Deltas in a batch where nothing is waited for. */
const BATCH = 8;

/**
 * Plays a script as a stream: one delta a batch if it is paced, else several. The start goes with the first of these
 * and the stop with the last, since every batch costs who records it a write.
 */
export async function* streamed(script: Script, stage: Stage): AsyncGenerator<readonly AnswerEvent[]> {
  const { fragments, intervalMs, ending } = script;
  const step = intervalMs === 0 ? BATCH : 1;
  let batch = opening(script);
  for (let at = 0; at < fragments.length; at += step) {
    if (at > 0 || intervalMs > 0) {
      yield batch;
      batch = [];
    }
    await pause(intervalMs, stage);
    batch = [...batch, ...fragments.slice(at, at + step).map((text) => ({ kind: 'delta', index: 0, text }) as const)];
  }
  throwIfCancelled(stage.signal);
  if (ending.kind === 'broken') yield batch;
  yield [...batch, ...closing(script)];
}

/** Plays a script as a buffered answer, whole in one batch, after as long as its stream would have taken. */
export async function* buffered(script: Script, stage: Stage): AsyncGenerator<readonly AnswerEvent[]> {
  await pause(script.intervalMs * script.fragments.length, stage);
  yield [...opening(script), { kind: 'delta', index: 0, text: script.fragments.join('') }, ...closing(script)];
}

async function pause(milliseconds: number, { sleep, signal }: Stage): Promise<void> {
  throwIfCancelled(signal);
  if (milliseconds === 0) return;
  try {
    await sleep(milliseconds, signal);
  } catch (error) {
    throw signal.aborted ? toCancelled(signal) : error;
  }
}

function opening({ block }: Script): readonly AnswerEvent[] {
  return [{ kind: 'start' }, { kind: 'blockStart', index: 0, block }];
}

function closing({ ending, usage }: Script): readonly AnswerEvent[] {
  if (ending.kind === 'broken') throw new GatewayError('upstreamInterrupted');
  return [{ kind: 'blockStop', index: 0 }, ending, { kind: 'usage', usage }];
}
