import { hash, randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { createAuthorizer } from '../../src/access/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import {
  type AnswerEvent,
  createRequestId,
  type DocumentReader,
  type Exchange,
  GatewayError,
  type Journal,
  type KeyRing,
  type OutputGuard,
  type Protocol,
  type Provider,
  parsePrincipalId,
  parseTenantId,
  toContentPolicy,
} from '../../src/core/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../../src/protocols/index.ts';
import { toDataDirectory } from '../../src/server/data-directory.ts';
import { guardingBy, noGuardrails } from '../../src/server/guarding/guarding.suite.ts';
import { createLambdaHandler } from '../../src/server/lambda/handler.ts';
import type { Outlet } from '../../src/server/passage/outlet.ts';
import { createPassage } from '../../src/server/passage/passage.ts';
import { createReasoningSeals } from '../../src/server/passage/reasoning-seal.ts';
import { createReception } from '../../src/server/reception.ts';
import { surfaces } from './surfaces.data.ts';

/** One request, and what the model would say to it. */
export interface Asked {
  readonly path: string;
  /** JSON text. */
  readonly body: string;
  readonly answer?: readonly AnswerEvent[];
  /** False where the answer goes out uninspected, for comparison. */
  readonly isGuarded?: boolean;
  /** Whether attacks on the prompt are blocked. They pass otherwise: what is planted may look like one. */
  readonly blocksAttacks?: boolean;
}

/** What became of it: what reached the model, and what reached the client. */
export interface Came {
  /** As the protocol read it. */
  readonly read: Pick<Exchange, 'parts' | 'request'>;
  /** Absent where the model was not called. */
  readonly reached?: Exchange;
  readonly wire: Buffer;
  readonly fault?: GatewayError;
}

const NOW = 1_764_000_000_000;
const protocols: readonly Protocol[] = [bedrockProtocol, openaiProtocol, anthropicProtocol];
const config = parseConfig(
  `version: 1
environment: test
region: us-east-1
providers:
  - { name: recorder, kind: simulator }
models:
${[...new Set(surfaces.map(({ model }) => model))].map((id) => `  - { id: "${id}", provider: recorder }`).join('\n')}
tenants:
  - { name: acme, principals: [{ name: app }] }
policies:
  - { name: all.cedar, cedar: '@id("all") permit (principal, action, resource);' }
inspection:
  input: { PROMPT_ATTACK: allow }
`,
  { path: 'matrix.yaml' },
);
const clock = { now: () => NOW };
const models = new Map(config.models.map((model) => [model.id, model]));
const caller = {
  tenant: parseTenantId('acme'),
  principal: parsePrincipalId('app'),
  credentialId: 'k1',
  credentialKind: 'apiKey',
} as const;
const authorizer = createAuthorizer(config);
const keyRing: KeyRing = { derive: (purpose) => hash('sha256', purpose, 'buffer') };
const journal: Journal = {
  append: async () => ({ leafHash: new Uint8Array(32) }),
  isAvailable: () => true,
  close: async () => {},
};
const documents: DocumentReader = {
  read: async () => {
    throw new GatewayError('internal');
  },
  [Symbol.asyncDispose]: async () => {},
};
const unguarded = (): OutputGuard => ({
  push: (events) => ({ events, findings: [] }),
  end: () => ({ events: [], findings: [] }),
});
const { inspection } = config;
const guardingOf = guardingBy(toContentPolicy(inspection), authorizer);
const strictGuardingOf = guardingBy(
  toContentPolicy({ ...inspection, input: { ...inspection.input, PROMPT_ATTACK: 'block' } }),
  authorizer,
);

/** A passage whose model is a recorder, and what the recorder got. */
function createRecorded({ answer = [], isGuarded = true, blocksAttacks = false }: Omit<Asked, 'path' | 'body'>) {
  const got: { reached?: Exchange } = {};
  const recorder: Provider = {
    name: 'recorder',
    async invoke(exchange) {
      got.reached = exchange;
      return { events: oneByOne(answer) };
    },
    close: async () => {},
  };
  const pass = createPassage({
    clock,
    authorizer,
    journal,
    models,
    providers: new Map([['recorder', recorder]]),
    guardingOf: (asked) => ({
      ...(blocksAttacks ? strictGuardingOf : guardingOf)(asked),
      ...(isGuarded ? {} : { createOutputGuard: unguarded }),
    }),
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts: { sign: async () => '' },
    documents,
    upstreamTimeoutMs: 60_000,
  });
  return { pass, got };
}

/** Takes a request through the real protocol, stages, guard and writer, with a recorder in the place of the model. */
export async function ask({ path, body, ...asked }: Asked): Promise<Came> {
  const { pass, got } = createRecorded(asked);
  const { protocol, operation, read } = readRequest(path, body);
  const written: Uint8Array[] = [];
  const outlet: Outlet = {
    signal: new AbortController().signal,
    promise: () => undefined,
    open: () => undefined,
    write: (bytes) => void written.push(bytes),
    end: () => undefined,
  };
  const id = createRequestId(NOW, new Uint8Array(10).fill(7));
  const came = () => ({ read, ...got, wire: Buffer.concat(written) });
  try {
    const { reply, error } = await pass(
      { id, caller, protocol, operation, read, bytesReceived: 0, startedAt: NOW },
      outlet,
    );
    if (reply !== undefined) written.push(reply.body);
    return { ...came(), ...(error === undefined ? {} : { fault: error }) };
  } catch (error) {
    if (error instanceof GatewayError) return { ...came(), fault: error };
    throw error;
  }
}

/** The same over the handler of a function behind a front door, from its event to what the client gets. */
export async function askThrough(door: 'rest' | 'alb', { path, body, ...asked }: Asked): Promise<Came> {
  const { pass, got } = createRecorded(asked);
  const receive = createReception({
    clock,
    logger,
    metrics,
    recordState: () => ({ isJournalAvailable: true, isLogBehind: false, isLogWritten: true }),
    authenticator: { begin: async () => ({ complete: async () => caller }) },
    authorizer,
    journal,
    models,
    protocols: [bedrockProtocol, openaiProtocol, anthropicProtocol],
    pass,
    assess: async () => {
      throw new GatewayError('internal');
    },
    limits: config.limits,
    loopbackOnly: false,
    phase: () => 'serving',
  });
  const frontDoor = door === 'rest' ? ({ kind: door, transfer: 'stream' } as const) : ({ kind: door } as const);
  const setup = {
    config: { ...config, frontDoor },
    isDemo: false,
    directory: toDataDirectory('.'),
    port: 0,
    adminPort: 0,
    guardrails: noGuardrails,
  };
  const handler = createLambdaHandler({
    ...setup,
    logger,
    metrics,
    open: async () => ({ receive, refresh: async () => {}, close: async () => {} }),
  });
  const wire =
    handler.transfer === 'stream'
      ? await streamed((stream) => handler.handle(toEvent(door, path, body), stream, context))
      : toBytes(await handler.handle(toEvent(door, path, body), context));
  return { read: readRequest(path, body).read, ...got, wire };
}

const silent = () => undefined;
const logger = { info: silent, warn: silent, error: silent, flush: silent, close: silent };
const metrics = { requestBegun: silent, requestEnded: silent, watchRecord: silent, flush: silent };
const context = { getRemainingTimeInMillis: () => 60_000 };

function toEvent(door: 'rest' | 'alb', path: string, body: string): unknown {
  const event = { httpMethod: 'POST', path, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  if (door === 'alb') return { ...event, headers: {}, requestContext: { elb: { targetGroupArn: 'a' } } };
  const identity = { sourceIp: '10.0.0.9' };
  const requestContext = { path: `/prod${path}`, stage: 'prod', resourcePath: '/{proxy+}', identity };
  return { ...event, multiValueHeaders: {}, requestContext };
}

/** The body of what a handler streams: what comes after the prelude. */
async function streamed(handle: (stream: Writable) => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await handle(stream);
  const all = Buffer.concat(chunks);
  return all.subarray(all.indexOf(Buffer.alloc(8)) + 8);
}

function toBytes({ body, isBase64Encoded }: { readonly body: string; readonly isBase64Encoded: boolean }): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/** Reads a request as its route's protocol does. Throws what that throws. */
function readRequest(path: string, body: string) {
  for (const protocol of protocols) {
    const route = protocol.match('POST', path);
    if (route?.kind !== 'invoke') continue;
    return { protocol, operation: route.operation, read: protocol.read(route, Buffer.from(body), () => undefined) };
  }
  throw new Error(`no protocol has ${path}`);
}

/** Whether the protocol itself refuses the request. */
export function isRefused(path: string, body: string): boolean {
  try {
    readRequest(path, body);
    return false;
  } catch (error) {
    if (error instanceof GatewayError) return true;
    throw error;
  }
}

async function* oneByOne(events: readonly AnswerEvent[]): AsyncGenerator<readonly AnswerEvent[]> {
  for (const event of events) yield [event];
}
