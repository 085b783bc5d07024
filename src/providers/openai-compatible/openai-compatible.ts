import { Pool } from 'undici';
import { assertCleared, type Cleared, type Conversation, type Provider, textOf } from '../../core/index.ts';
import { throwIfCancelled } from '../cancelled.ts';
import { createChatAnswer, parseCompletion } from './chat-answer.ts';
import { printChatBody } from './chat-body.ts';
import { parseEmbeddingsAnswer } from './embeddings-answer.ts';
import { printEmbeddingsBody } from './embeddings-body.ts';
import { HttpCall } from './http-call.ts';
import { receiveStream } from './streamed-answer.ts';
import { type Receiving, receiveWhole } from './whole-answer.ts';

export interface OpenAICompatibleOptions {
  readonly name: string;
  /** What stands before `/chat/completions`, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  /** Sent as bearer token. */
  readonly apiKey?: string;
  /** Milliseconds a whole answer may take; a streamed one, until it begins, and then between two reads. */
  readonly requestTimeoutMs: number;
  /** Most connections at once, 256 unless given. Calls beyond wait for one, and their time runs. */
  readonly maxConnections?: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 256;

/**
 * A server that speaks the OpenAI API's chat completions and embeddings, such as vLLM, Ollama or the llama.cpp server.
 *
 * A call is sent once: a model that was asked twice is paid twice. Nothing the server says but an answer is passed on.
 */
export function createOpenAICompatible(options: OpenAICompatibleOptions): Provider {
  const url = new URL(options.baseUrl);
  const base = url.pathname.replace(/\/+$/, '');
  const pool = createPool(url.origin, options);
  const headers = createHeaders(options);

  return {
    name: options.name,
    async invoke(exchange, signal) {
      assertCleared(exchange);
      throwIfCancelled(signal);
      const { path, body, receiving } = toCall(exchange);
      const { receiver, answer } = receiving;
      const sent = [...headers, 'accept', receiver.mediaType, 'x-request-id', exchange.id];
      pool.dispatch(
        { method: 'POST', path: base + path, headers: sent, body },
        new HttpCall(receiver, { signal, timeoutMs: options.requestTimeoutMs }),
      );
      return answer;
    },
    close: () => pool.destroy(),
  };
}

function createPool(
  origin: string,
  { requestTimeoutMs, maxConnections = MAX_CONNECTIONS }: OpenAICompatibleOptions,
): Pool {
  return new Pool(origin, {
    connections: maxConnections,
    connectTimeout: Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs),
    // The call keeps time itself: the pool's clocks start late and tick twice a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    // Said here, because the environment can say otherwise.
    connect: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  });
}

/** Names and values in turn. Throws `RangeError` for a key that no header can carry. */
function createHeaders({ name, apiKey }: OpenAICompatibleOptions): readonly string[] {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
  if (apiKey === undefined) return headers;
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new RangeError(`the API key of ${name} holds what a header cannot carry`);
  return [...headers, 'authorization', `Bearer ${apiKey}`];
}

interface Call {
  readonly path: string;
  /** JSON text. */
  readonly body: string;
  readonly receiving: Receiving;
}

function toCall(exchange: Cleared): Call {
  const { request } = exchange;
  switch (request.kind) {
    case 'conversation':
      return toChatCall(exchange, request);
    case 'embedding':
      return {
        path: '/embeddings',
        body: printEmbeddingsBody(exchange, request),
        receiving: receiveWhole((value) => parseEmbeddingsAnswer(value, request)),
      };
    default:
      return request satisfies never;
  }
}

function toChatCall(exchange: Cleared, request: Conversation): Call {
  const stops = (request.inference.stopSequences ?? []).map((stop) => textOf(exchange, stop));
  const isStream = exchange.action === 'InvokeModelWithResponseStream';
  return {
    path: '/chat/completions',
    body: printChatBody(exchange, request),
    receiving: isStream
      ? receiveStream(createChatAnswer(stops))
      : receiveWhole((value) => parseCompletion(value, stops)),
  };
}
