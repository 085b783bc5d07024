import { Readable } from 'node:stream';
import {
  type $Command,
  type BedrockRuntimeClient,
  type BedrockRuntimeClientResolvedConfig,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-bedrock-runtime';
import { GatewayError } from '../../core/index.ts';
import { toUpstreamError } from './upstream-error.ts';
import { notCarried } from './wire-value.ts';

/** One call: what stands in its path, its headers and its body, as they are to be sent. */
export interface Call {
  readonly operation: 'Converse' | 'ConverseStream' | 'CountTokens' | 'InvokeModel' | 'InvokeModelWithResponseStream';
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** An answer that has begun. */
export interface Begun {
  readonly requestId?: string;
  /** A header's value by lower-case name. */
  header(name: string): string | undefined;
  readonly body: Readable;
}

/** Bytes of a refusal that are read: enough to say what it is. One without end would fill the memory. */
const MAX_REFUSAL = 64 * 1024;

/**
 * Sends a call through the SDK, which resolves the endpoint, signs, retries and knows the service's errors, but neither
 * prints the request nor reads the answer: its documents would lose integers beyond 2^53 and the order of keys.
 *
 * Rejects with an `upstream…` fault. Aborting `signal` closes the connection, also while the body is read.
 */
export async function call(client: BedrockRuntimeClient, sent: Call, signal: AbortSignal): Promise<Begun> {
  const begun: Sending['begun'] = {};
  try {
    const { $metadata } = await send(client, sent, { signal, begun });
    const { body, headers = {} } = begun;
    if (body === undefined) throw new GatewayError('upstreamFailed', { detail: 'an answer without a body' });
    const { requestId } = $metadata;
    return { body, header: (name) => headers[name], ...(requestId === undefined ? {} : { requestId }) };
  } catch (error) {
    begun.body?.destroy();
    throw toUpstreamError(error, signal);
  }
}

interface Sending {
  readonly signal: AbortSignal;
  readonly begun: { body?: Readable; headers?: Readonly<Record<string, string>> };
}

function send(client: BedrockRuntimeClient, sent: Call, { signal, begun }: Sending) {
  const input = { modelId: sent.model };
  const options = { abortSignal: signal };
  switch (sent.operation) {
    case 'Converse': {
      const command = new ConverseCommand(input);
      carry(command.middlewareStack, sent, begun);
      return client.send(command, options);
    }
    case 'ConverseStream': {
      const command = new ConverseStreamCommand(input);
      carry(command.middlewareStack, sent, begun);
      return client.send(command, options);
    }
    case 'InvokeModel': {
      const command = new InvokeModelCommand(input);
      carry(command.middlewareStack, sent, begun);
      return client.send(command, options);
    }
    case 'InvokeModelWithResponseStream': {
      const command = new InvokeModelWithResponseStreamCommand(input);
      carry(command.middlewareStack, sent, begun);
      return client.send(command, options);
    }
    case 'CountTokens': {
      const command = new CountTokensCommand({ ...input, input: { converse: {} } });
      carry(command.middlewareStack, sent, begun);
      return client.send(command, options);
    }
    default:
      return sent.operation satisfies never;
  }
}

type Stack<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  BedrockRuntimeClientResolvedConfig
>['middlewareStack'];

/** Puts the call into the request before it is signed, and takes the answer before the SDK would read it. */
function carry<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  stack: Stack<Input, Output>,
  sent: Call,
  begun: Sending['begun'],
): void {
  stack.add(
    (next) => (args) => {
      if (!isMessage(args.request)) throw new GatewayError('internal');
      Object.assign(args.request.headers, { ...sent.headers, 'content-type': 'application/json' });
      args.request.body = Buffer.from(sent.body);
      return next(args);
    },
    { name: 'sallyportRequest', step: 'serialize', priority: 'low' },
  );
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (isMessage(response) && response.body instanceof Readable) takeBody(response, response.body, begun);
      return result;
    },
    { name: 'sallyportAnswer', step: 'deserialize', priority: 'low' },
  );
}

/** Keeps an answer for the caller of `call`, and leaves to the SDK as much of a refusal as it needs. */
function takeBody(response: Message, body: Readable, begun: Sending['begun']): void {
  if (response.statusCode !== 200) {
    response.body = Readable.from(beginningOf(body));
    return;
  }
  begun.body = body;
  begun.headers = response.headers;
  response.body = Readable.from([]);
  // None was asked for, and a few kilobytes could unpack to more than the memory holds.
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw notCarried('a content encoding');
}

async function* beginningOf(body: Readable): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_REFUSAL) return;
    yield chunk;
  }
}

/** What is needed of the SDK's requests and responses, which it hands to middleware as `unknown`. */
interface Message {
  readonly headers: Record<string, string>;
  readonly statusCode?: number;
  body?: unknown;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'headers' in value;
}
