import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import {
  type AnswerEvent,
  assertCleared,
  type Embedding,
  type Exchange,
  type Provider,
  type ProviderAnswer,
  type TokenCount,
  textOf,
} from '../../core/index.ts';
import { throwIfCancelled, toCancelled } from '../cancelled.ts';
import { oneBatch } from '../one-batch.ts';
import { toTokens } from './limits.ts';
import { buffered, type Sleep, streamed } from './performance.ts';
import { type Script, toCompletionScript, toScript } from './script.ts';
import { toSeen } from './seen.ts';
import { toVector } from './vector.ts';

export interface SimulatorOptions {
  readonly name: string;
  /** How the simulator waits; by timers unless given. */
  readonly sleep?: Sleep;
}

/**
 * A model for demonstrations and tests: the same request always gets the same answer, which is everything the model
 * was shown, or JSON where an output format asks for it. The last user message can ask for another by a directive, the
 * first one in its text:
 *
 * - `sim:say TEXT`, `sim:long 500` (words), `sim:stream 200x20ms` (deltas, and the time between them)
 * - `sim:leak-pii`, `sim:leak-secret`, `sim:tool-call` (arguments that hold an address)
 * - `sim:reasoning` (signed), `sim:encrypted-reasoning`: it takes its own back in later turns, to the letter, and no other
 * - `sim:cite` (the first document that may be cited), `sim:context-window` (the echo, ended by it)
 * - `sim:throttle`, `sim:unavailable`, `sim:timeout` (no answer until cancelled), `sim:die-mid-stream`
 *
 * Honours `maxTokens` (a token is 4 UTF-16 units) and stop sequences, and counts tokens so. Embeddings are unit vectors
 * of the text's hash.
 */
export function createSimulator({ name, sleep = defaultSleep }: SimulatorOptions): Provider {
  return {
    name,
    async invoke(exchange, signal) {
      assertCleared(exchange);
      throwIfCancelled(signal);
      const { request } = exchange;
      switch (request.kind) {
        case 'conversation':
          return play(exchange, toScript(exchange, request), { sleep, signal });
        case 'completion':
          return play(exchange, toCompletionScript(exchange, request), { sleep, signal });
        case 'embedding':
          return embed(exchange, request);
        case 'tokenCount':
          return count(exchange, request);
        default:
          return request satisfies never;
      }
    },
    close: async () => {},
  };
}

async function defaultSleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal });
}

interface Call {
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

async function play(exchange: Exchange, script: Script | 'timeout', call: Call): Promise<ProviderAnswer> {
  if (script === 'timeout') {
    await once(call.signal, 'abort');
    throw toCancelled(call.signal);
  }
  const perform = exchange.action === 'InvokeModelWithResponseStream' ? streamed : buffered;
  return { events: perform(script, call) };
}

function count(exchange: Exchange, { of }: TokenCount): ProviderAnswer {
  const seen = of.kind === 'conversation' ? toSeen(exchange, of) : textOf(exchange, of.prompt);
  return { events: oneBatch([{ kind: 'usage', usage: { inputTokens: toTokens(seen), outputTokens: 0 } }]) };
}

function embed(exchange: Exchange, request: Embedding): ProviderAnswer {
  const texts = request.inputs.map((index) => textOf(exchange, index));
  const inputTokens = texts.reduce((sum, text) => sum + toTokens(text), 0);
  const events: readonly AnswerEvent[] = [
    { kind: 'start' },
    ...texts.map((text, index) => ({ kind: 'embedding', index, vector: toVector(text, request) }) as const),
    { kind: 'stop', reason: 'endTurn' },
    { kind: 'usage', usage: { inputTokens, outputTokens: 0 } },
  ];
  return { events: oneBatch(events) };
}
