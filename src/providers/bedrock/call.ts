import { Readable } from 'node:stream';
import {
  type $Command,
  type BedrockRuntimeClient,
  type BedrockRuntimeClientResolvedConfig,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-bedrock-runtime';
import { GatewayError } from '../../core/index.ts';
import { toUpstreamError } from './upstream-error.ts';

/** One call: what stands in its path, its headers and its body, as they are to be sent. */
export interface Call {
  readonly operation: 'Converse' | 'ConverseStream' | 'InvokeModel';
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** An answer that has begun. */
export interface Begun {
  readonly requestId?: string;
  readonly body: Readable;
}

/**
 * Sends a call through the SDK, which resolves the endpoint, signs, retries and knows the service's errors, but neither
 * prints the request nor reads the answer: its documents would lose integers beyond 2^53 and the order of keys.
 *
 * Rejects with an `upstream…` fault. Aborting `signal` closes the connection, also while the body is read.
 */
export async function call(client: BedrockRuntimeClient, sent: Call, signal: AbortSignal): Promise<Begun> {
  const begun: { body?: Readable } = {};
  try {
    const { $metadata } = await send(client, sent, { signal, begun });
    if (begun.body === undefined) throw new GatewayError('upstreamFailed', { detail: 'an answer without a body' });
    const { requestId } = $metadata;
    return { body: begun.body, ...(requestId === undefined ? {} : { requestId }) };
  } catch (error) {
    throw toUpstreamError(error, signal);
  }
}

interface Sending {
  readonly signal: AbortSignal;
  readonly begun: { body?: Readable };
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
      if (isMessage(response) && response.statusCode === 200 && response.body instanceof Readable) {
        begun.body = response.body;
        response.body = Readable.from([]);
      }
      return result;
    },
    { name: 'sallyportAnswer', step: 'deserialize', priority: 'low' },
  );
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
