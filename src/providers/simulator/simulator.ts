import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import {
  type AnswerEvent,
  assertCleared,
  type Conversation,
  type Embedding,
  type Exchange,
  type Provider,
  type ProviderAnswer,
  textOf,
} from '../../core/index.ts';
import { throwIfCancelled, toCancelled } from '../cancelled.ts';
import { oneBatch } from '../one-batch.ts';
import { toTokens } from './limits.ts';
import { buffered, type Sleep, streamed } from './performance.ts';
import { toScript } from './script.ts';
import { toVector } from './vector.ts';

export interface SimulatorOptions {
  readonly name: string;
  /** How the simulator waits; by timers unless given. */
  readonly sleep?: Sleep;
}

/**
 * A model for demonstrations and tests: the same request always gets the same answer, which is everything the model
 * was shown. The last user message can ask for another by a directive, the first one in its text:
 *
 * - `sim:say TEXT`, `sim:long 500` (words), `sim:stream 200x20ms` (deltas, and the time between them)
 * - `sim:leak-pii`, `sim:leak-secret`, `sim:tool-call` (arguments that hold an address)
 * - `sim:throttle`, `sim:unavailable`, `sim:timeout` (no answer until cancelled), `sim:die-mid-stream`
 *
 * Honours `maxTokens` (a token is 4 UTF-16 units) and stop sequences. Embeddings are unit vectors of the text's hash.
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
          return converse(exchange, request, { sleep, signal });
        case 'embedding':
          return embed(exchange, request);
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

async function converse(exchange: Exchange, request: Conversation, call: Call): Promise<ProviderAnswer> {
  const script = toScript(exchange, request);
  if (script === 'timeout') {
    await once(call.signal, 'abort');
    throw toCancelled(call.signal);
  }
  const play = exchange.action === 'InvokeModelWithResponseStream' ? streamed : buffered;
  return { events: play(script, call) };
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
