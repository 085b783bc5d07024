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
  const { intervalMs, ending } = script;
  let batch: AnswerEvent[] = [];
  let deltas = 0;
  for (const event of toEvents(script)) {
    if (event.kind === 'delta') {
      if (intervalMs > 0 || (deltas > 0 && deltas % BATCH === 0)) {
        yield batch;
        batch = [];
      }
      await pause(intervalMs, stage);
      deltas += 1;
    }
    batch.push(event);
  }
  throwIfCancelled(stage.signal);
  yield batch;
  if (ending.kind === 'broken') throw new GatewayError('upstreamInterrupted');
}

/** Plays a script as a buffered answer, whole in one batch, after as long as its stream would have taken. */
export async function* buffered(script: Script, stage: Stage): AsyncGenerator<readonly AnswerEvent[]> {
  const { blocks, intervalMs, ending } = script;
  const deltas = blocks.reduce((sum, { fragments }) => sum + fragments.length, 0);
  await pause(intervalMs * deltas, stage);
  if (ending.kind === 'broken') throw new GatewayError('upstreamInterrupted');
  const whole = blocks.map(({ fragments, ...block }) => ({
    ...block,
    fragments: fragments.length === 0 ? [] : [fragments.join('')],
  }));
  yield [...toEvents({ ...script, blocks: whole })];
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

/** All that a script says, in order. One that breaks off ends after its last fragment. */
function* toEvents(script: Script): Generator<AnswerEvent> {
  const { ending, usage } = script;
  yield { kind: 'start' };
  yield* toBlockEvents(script);
  if (ending.kind === 'broken') return;
  yield ending;
  yield { kind: 'usage', usage };
}

function* toBlockEvents({ blocks, ending }: Script): Generator<AnswerEvent> {
  for (const [index, { start, fragments, proof, citation }] of blocks.entries()) {
    yield { kind: 'blockStart', index, block: start };
    for (const text of fragments) yield { kind: 'delta', index, text };
    if (ending.kind === 'broken') return;
    if (proof !== undefined) yield { kind: 'proof', index, proof };
    if (citation !== undefined) yield { kind: 'citation', index, citation };
    yield { kind: 'blockStop', index };
  }
}
