import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { serveLocally } from '../local-server.ts';

/** What a function answers, as it comes. */
export interface StreamedInvocation {
  readonly contentType: string;
  readonly chunks: AsyncIterable<Buffer>;
  /** What the function failed with; known when the chunks have ended. */
  failure(): FunctionFailure | undefined;
}

export interface FunctionFailure {
  readonly type: string;
  readonly body: string;
}

/**
 * The Lambda Runtime API (2018-06-01) of one execution environment. AWS's emulator gathers a streamed answer and drops
 * what says that it broke off; this one passes both on.
 */
export interface RuntimeApi {
  /** Host and port, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** One at a time, as Lambda has it of an environment. Rejects with what initialisation failed with. */
  invoke(event: unknown, timeoutMs: number): Promise<StreamedInvocation>;
  close(): Promise<void>;
}

interface Waiting {
  readonly id: string;
  readonly event: string;
  readonly deadline: number;
  readonly resolve: (invocation: StreamedInvocation) => void;
  readonly reject: (error: Error) => void;
}

const ANSWER = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;
const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:sallyport';

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let idle: ServerResponse | undefined;
  let waiting: Waiting | undefined;
  let count = 0;
  let initError: string | undefined;

  function hand(): void {
    if (idle === undefined || waiting === undefined) return;
    idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': waiting.id,
      'lambda-runtime-deadline-ms': String(waiting.deadline),
      'lambda-runtime-invoked-function-arn': ARN,
    });
    idle.end(waiting.event);
    idle = undefined;
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path === '/2018-06-01/runtime/invocation/next') {
      idle = response;
      hand();
      return;
    }
    if (path === '/2018-06-01/runtime/init/error') {
      initError = await textOf(request);
      waiting?.reject(new Error(`the function did not start: ${initError}`));
    } else {
      const [, id, kind] = ANSWER.exec(path) ?? [];
      const current = waiting;
      if (current === undefined || id !== current.id) {
        response.writeHead(403).end();
        return;
      }
      waiting = undefined;
      current.resolve(toInvocation(request, kind === 'error'));
      await once(request, 'end');
    }
    response.writeHead(202).end();
  }

  const server = await serveLocally(createServer((request, response) => void take(request, response)));
  return {
    address: server.url.slice('http://'.length),
    invoke(event, timeoutMs) {
      if (initError !== undefined) return Promise.reject(new Error(`the function did not start: ${initError}`));
      if (waiting !== undefined) return Promise.reject(new Error('the function has an invocation already'));
      count += 1;
      return new Promise((resolve, reject) => {
        const deadline = Date.now() + timeoutMs;
        waiting = { id: `invocation-${count}`, event: JSON.stringify(event), deadline, resolve, reject };
        hand();
      });
    },
    close: () => server.close(),
  };
}

function toInvocation(request: IncomingMessage, isError: boolean): StreamedInvocation {
  let errorText = '';
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of request) {
      if (isError) errorText += chunk;
      else yield chunk;
    }
  }
  return {
    contentType: request.headers['content-type'] ?? '',
    chunks: chunks(),
    failure() {
      const type = request.trailers['lambda-runtime-function-error-type'];
      const body = request.trailers['lambda-runtime-function-error-body'] ?? '';
      if (type !== undefined) return { type, body: Buffer.from(body, 'base64').toString('utf8') };
      return isError ? { type: 'Function', body: errorText } : undefined;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
