import type { LookupFunction } from 'node:net';
import { Pool } from 'undici';
import { assertCleared, type Cleared, GatewayError, type Inference, type Provider, textOf } from '../../core/index.ts';
import { askForCredentials } from '../asked-credentials.ts';
import { throwIfCancelled } from '../cancelled.ts';
import { createCheckedLookup } from '../checked-lookup.ts';
import { traceHeaders } from '../trace-headers.ts';
import { isBearerToken } from './bearer-token.ts';
import { createChatAnswer, type Member, parseCompletion } from './chat-answer.ts';
import { printChatBody } from './chat-body.ts';
import { printCompletionBody } from './completion-body.ts';
import { parseEmbeddingsAnswer } from './embeddings-answer.ts';
import { printEmbeddingsBody } from './embeddings-body.ts';
import { HttpCall } from './http-call.ts';
import { receiveStream } from './streamed-answer.ts';
import { printTokenizeBody, receiveTokenCount } from './token-count.ts';
import { type Receiving, receiveWhole } from './whole-answer.ts';

export interface OpenAICompatibleOptions {
  readonly name: string;
  /** What stands before `/chat/completions`, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  /** Sent as bearer token. A function is asked for each call, and keeps what it hands out itself. */
  readonly apiKey?: string | (() => Promise<string>);
  /** Milliseconds a whole answer may take; a streamed one, until it begins, and then between two reads. */
  readonly requestTimeoutMs: number;
  /** Whether its name may lead to private addresses, loopback included; false unless given. */
  readonly allowPrivate?: boolean;
  /** How names are looked up; by the system unless given. What comes of it is checked in any case. */
  readonly lookup?: LookupFunction;
  /** Most connections at once, 256 unless given. Calls beyond wait for one, and their time runs. */
  readonly maxConnections?: number;
  /** UTF-16 units of the bodies that wait for a connection at once, 128 Mi unless given. Calls beyond are refused. */
  readonly maxWaiting?: number;
}

const TOKENIZE = '/tokenize';
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 256;
const MAX_WAITING = 128 * 2 ** 20;

/**
 * A server that speaks the OpenAI API's chat completions, completions and embeddings, such as vLLM, Ollama or the
 * llama.cpp server. Tokens are counted where it has `/tokenize`.
 *
 * Where it is comes from the options alone. Throws `RangeError` for options it cannot work with. A call is sent once: a model that was asked twice is paid twice. Nothing the server says but an answer is passed on.
 */
export function createOpenAICompatible(options: OpenAICompatibleOptions): Provider {
  const url = new URL(options.baseUrl);
  const base = url.pathname.replace(/\/+$/, '');
  const root = base.replace(/\/v1$/, '');
  const pool = createPool(url, options);
  const headersOf = createHeaders(options);
  const { maxWaiting = MAX_WAITING } = options;
  // The pool lets go of a body only when a connection takes it, although its call was cancelled long ago.
  let waiting = 0;

  return {
    name: options.name,
    async invoke(exchange, signal) {
      assertCleared(exchange);
      throwIfCancelled(signal);
      const headers = await headersOf(signal);
      throwIfCancelled(signal);
      const { path, body, receiving } = toCall(exchange);
      const { receiver, answer } = receiving;
      const own = ['accept', receiver.mediaType, 'x-request-id', exchange.id];
      const sent = [...headers, ...own, ...Object.entries(traceHeaders(exchange)).flat()];
      const { length } = body;
      // One that nothing stands before may be as large as it likes.
      if (waiting > 0 && waiting + length > maxWaiting) {
        throw new GatewayError('upstreamUnavailable', { detail: 'too much waits for a connection' });
      }
      waiting += length;
      const onTaken = () => {
        waiting -= length;
      };
      pool.dispatch(
        { method: 'POST', path: path === TOKENIZE ? root + path : base + path, headers: sent, body },
        new HttpCall(receiver, { signal, timeoutMs: options.requestTimeoutMs, onTaken }),
      );
      return answer;
    },
    close: () => pool.destroy(),
  };
}

function createPool(url: URL, options: OpenAICompatibleOptions): Pool {
  const { requestTimeoutMs, maxConnections = MAX_CONNECTIONS, allowPrivate = false } = options;
  return new Pool(url.origin, {
    connections: maxConnections,
    connectTimeout: Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs),
    // The call keeps time itself: the pool's clocks start late and tick twice a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    // Said here, because the environment can say otherwise.
    connect: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      lookup: createCheckedLookup({ url, allowPrivate }, options.lookup),
    },
  });
}

/** Gives names and values in turn. Throws `RangeError` for a key that no header can carry. */
function createHeaders({ name, apiKey }: OpenAICompatibleOptions): (signal: AbortSignal) => Promise<readonly string[]> {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
  const withKey = (key: string) => {
    if (!isBearerToken(key)) throw new RangeError(`the API key of ${name} holds what a header cannot carry`);
    return [...headers, 'authorization', `Bearer ${key}`];
  };
  if (typeof apiKey === 'function') {
    return (signal) => askForCredentials(async () => withKey(await apiKey()), signal);
  }
  const fixed = Promise.resolve(apiKey === undefined ? headers : withKey(apiKey));
  return () => fixed;
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
      return {
        path: '/chat/completions',
        body: printChatBody(exchange, request),
        receiving: receive(exchange, request.inference, { stream: 'delta', whole: 'message' }),
      };
    case 'completion':
      return {
        path: '/completions',
        body: printCompletionBody(exchange, request),
        receiving: receive(exchange, request.inference, { stream: 'text', whole: 'text' }),
      };
    case 'embedding':
      return {
        path: '/embeddings',
        body: printEmbeddingsBody(exchange, request),
        receiving: receiveWhole((value) => parseEmbeddingsAnswer(value, request)),
      };
    case 'tokenCount':
      return {
        path: TOKENIZE,
        body: printTokenizeBody(exchange, request),
        receiving: receiveTokenCount(request),
      };
    default:
      return request satisfies never;
  }
}

interface Members {
  readonly stream: Member;
  readonly whole: Member;
}

function receive(exchange: Cleared, { stopSequences = [] }: Inference, members: Members): Receiving {
  const stops = stopSequences.map((stop) => textOf(exchange, stop));
  return exchange.action === 'InvokeModelWithResponseStream'
    ? receiveStream(createChatAnswer(stops, members.stream))
    : receiveWhole((value) => parseCompletion(value, stops, members.whole));
}
