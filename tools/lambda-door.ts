import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { toDoorEvent } from './lambda-events.ts';
import { type LocalServer, serveLocally } from './local-server.ts';

/** What stands before the function. */
export type DoorKind = 'rest' | 'http-api' | 'alb';

/** A function that gives its answer back whole. */
export type BufferedFunction = (event: unknown, context: DoorContext) => Promise<unknown>;
/** A function that writes its answer. */
export type StreamingFunction = (event: unknown, stream: FunctionStream, context: DoorContext) => Promise<void>;

/** What the function is told of its invocation. */
export interface DoorContext {
  getRemainingTimeInMillis(): number;
}

export type FunctionStream = Writable & { setContentType(type: string): void };

interface DoorSettings {
  readonly kind: DoorKind;
  /** Of API Gateway. Default: `prod`. */
  readonly stage?: string;
  /** Of a custom domain, in the path in the place of the stage. */
  readonly basePath?: string;
  /** What the IAM authorizer says that it has verified. Of a signature it looks at the service alone. */
  readonly iam?: { readonly userArn: string; readonly accountId: string };
  /** Whether a load balancer sends header lists. */
  readonly headerLists?: boolean;
  /** Of the function. Default: 60 seconds. */
  readonly timeoutMs?: number;
  /** Whether the runtime tells the function that a client has left. Default: it does. */
  readonly tellsOfLeaving?: boolean;
  /** Whether clients are so slow that a stream's bytes are never taken. Default: they are not. */
  readonly stalls?: boolean;
}

export type DoorOptions = DoorSettings &
  ({ readonly streams: StreamingFunction } | { readonly answers: BufferedFunction });

export interface LambdaDoor extends LocalServer {
  /** Where clients call it: with the stage or base path. */
  readonly endpoint: string;
  /** The events so far, as the function got them. */
  readonly events: readonly unknown[];
  /** Changes what the door does from now on. */
  set(settings: Partial<DoorSettings>): void;
  /** Resolves once no invocation is under way. */
  idle(): Promise<void>;
}

const EXECUTE_API = '/execute-api/aws4_request';
const MIB = 1_048_576;
const API_REQUEST_BYTES = 10 * MIB;
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
/** A prelude is ended by its eighth zero byte, which must come within so many bytes. */
const PRELUDE_BYTES = 16_384;
/** What API Gateway takes from an integration's answer under another name. */
const REMAPPED = ['authorization', 'connection', 'content-length', 'date', 'server', 'x-amzn-requestid'];

/**
 * A server that plays API Gateway or an Application Load Balancer before a function in this process: events, limits, time-outs
 * and answers in the forms that AWS documents.
 */
export async function startLambdaDoor(options: DoorOptions): Promise<LambdaDoor> {
  const events: unknown[] = [];
  const running = new Set<Promise<void>>();
  let settings = options;
  const server = createServer((request, response) => {
    const invocation = answer({ request, response, options: settings, events }).finally(() =>
      running.delete(invocation),
    );
    running.add(invocation);
  });
  const local = await serveLocally(server);
  const { kind, stage = 'prod', basePath } = options;
  const endpoint = kind === 'alb' ? local.url : `${local.url}${basePath ?? `/${stage}`}`;
  return {
    ...local,
    endpoint,
    events,
    set: (more) => {
      settings = { ...settings, ...more };
    },
    async idle() {
      await Promise.all(running);
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: DoorOptions;
  readonly events: unknown[];
}

async function answer({ request, response, options, events }: Exchange): Promise<void> {
  const { kind, timeoutMs = 60_000 } = options;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (body.length > (kind === 'alb' ? MIB : API_REQUEST_BYTES)) return tooLarge(kind, response);
  if (options.iam !== undefined && !(request.headers.authorization ?? '').includes(EXECUTE_API)) {
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
    return;
  }
  const event = toDoorEvent({ request, body, ...options });
  if (JSON.stringify(event).length > 6 * MIB) return tooLarge(kind, response);
  events.push(event);
  const begun = performance.now();
  const context = { getRemainingTimeInMillis: () => Math.max(0, timeoutMs - (performance.now() - begun)) };
  const given = JSON.parse(JSON.stringify(event));
  try {
    if ('streams' in options) await stream(options.streams(given, toStream(response, options), context), response);
    else write(await withinTime(options.answers(given, context), timeoutMs), { kind, response });
  } catch {
    badGateway(kind, response);
  }
}

async function withinTime<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the function took too long')), timeoutMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function stream(invocation: Promise<void>, response: ServerResponse): Promise<void> {
  await invocation;
  if (!response.writableEnded && !response.destroyed) throw new Error('the function has not ended its answer');
}

function tooLarge(kind: DoorKind, response: ServerResponse): void {
  const own = kind === 'alb' ? '<html><h1>413 Request Entity Too Large</h1></html>' : '{"message":"Request Too Long"}';
  response.writeHead(413, { 'content-type': kind === 'alb' ? 'text/html' : 'application/json' }).end(own);
}

function badGateway(kind: DoorKind, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(502, { 'content-type': 'application/json' }).end(`{"message":"Internal server error of ${kind}"}`);
}

/**
 * The stream of one invocation: prelude first, then what the client gets. The head leaves with the first byte of the body, or
 * with the end where there is none; without one there is no answer.
 */
function toStream(
  response: ServerResponse,
  { kind, tellsOfLeaving = true, stalls = false }: DoorSettings,
): FunctionStream {
  let type = 'application/octet-stream';
  let held = Buffer.alloc(0);
  let head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  const begin = () => {
    if (head === undefined) return false;
    if (!response.headersSent) response.writeHead(head.statusCode, toDoorHeaders(head.headers, kind));
    return true;
  };
  const writable = new Writable({
    highWaterMark: 1_024,
    write(chunk: Buffer, _encoding, done) {
      if (response.headersSent && stalls) return;
      let rest = chunk;
      if (head === undefined) {
        held = Buffer.concat([held, chunk]);
        const at = held.indexOf(Buffer.alloc(8));
        if (type !== PRELUDE_TYPE || (at === -1 && held.length > PRELUDE_BYTES)) return done(new Error('no prelude'));
        if (at === -1) return done();
        head = JSON.parse(held.subarray(0, at).toString());
        rest = held.subarray(at + 8);
      }
      if (rest.length === 0) return done();
      begin();
      pass(response, rest, done);
    },
    final(done) {
      if (!begin()) done(new Error('no prelude'));
      else if (response.destroyed) done();
      else response.end(() => done());
    },
  });
  response.on('close', () => {
    if (!response.writableFinished && tellsOfLeaving) writable.destroy();
  });
  return Object.assign(writable, {
    setContentType(given: string) {
      type = given;
    },
  });
}

function pass(response: ServerResponse, chunk: Buffer, done: (error?: Error) => void): void {
  // Where nobody has told the function that the client has left, its bytes go nowhere.
  if (response.destroyed || response.write(chunk)) {
    done();
    return;
  }
  void Promise.race([once(response, 'drain'), once(response, 'close')]).then(() => done());
}

interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

function write(
  reply: unknown,
  { kind, response }: { readonly kind: DoorKind; readonly response: ServerResponse },
): void {
  const text = JSON.stringify(reply);
  if (text.length > (kind === 'alb' ? MIB : 6 * MIB)) throw new Error('the answer is too large');
  const { statusCode, headers = {}, multiValueHeaders = {}, body, isBase64Encoded }: Reply = JSON.parse(text);
  const all = { ...headers, ...Object.fromEntries(Object.entries(multiValueHeaders).map(([k, v]) => [k, v.join()])) };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  response.writeHead(statusCode, { ...toDoorHeaders(all, kind), 'content-length': bytes.length }).end(bytes);
}

function toDoorHeaders(headers: Readonly<Record<string, string>>, kind: DoorKind): Record<string, string> {
  if (kind !== 'rest') return { ...headers };
  const entries = Object.entries(headers).map(([name, value]) => [
    REMAPPED.includes(name.toLowerCase()) ? `x-amzn-remapped-${name}` : name,
    value,
  ]);
  return { ...Object.fromEntries(entries), 'x-amzn-requestid': randomUUID() };
}
