import { hash, randomBytes } from 'node:crypto';
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
} from '../../src/core/index.ts';
import { maskStage, maskText } from '../../src/deidentify/index.ts';
import { detectors as detectorTable } from '../../src/detectors/index.ts';
import { createOutputGuards, detectStage, guardInputStage } from '../../src/guardrails/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../../src/protocols/index.ts';
import type { Outlet } from '../../src/server/passage/outlet.ts';
import { createPassage } from '../../src/server/passage/passage.ts';
import { createReasoningSeals } from '../../src/server/passage/reasoning-seal.ts';
import { contentAccessStage } from '../../src/server/passage/stages.ts';
import { surfaces } from './surfaces.data.ts';

/** One request, and what the model would say to it. */
export interface Asked {
  readonly path: string;
  /** JSON text. */
  readonly body: string;
  readonly answer?: readonly AnswerEvent[];
  /** False where the answer goes out uninspected, for comparison. */
  readonly isGuarded?: boolean;
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
const detectors = Object.values(detectorTable);
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
const policy = config.inspection;
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
const guarded = createOutputGuards({ detectors, policy, mask: maskText });
const stages = [
  detectStage(detectors, policy),
  guardInputStage(policy),
  maskStage(detectors, policy),
  contentAccessStage(authorizer, policy),
];

/** Takes a request through the real protocol, stages, guard and writer, with a recorder in the place of the model. */
export async function ask({ path, body, answer = [], isGuarded = true }: Asked): Promise<Came> {
  let reached: Exchange | undefined;
  const recorder: Provider = {
    name: 'recorder',
    async invoke(exchange) {
      reached = exchange;
      return { events: oneByOne(answer) };
    },
    close: async () => {},
  };
  const pass = createPassage({
    clock: { now: () => NOW },
    authorizer,
    journal,
    models: new Map(config.models.map((model) => [model.id, model])),
    providers: new Map([['recorder', recorder]]),
    stages,
    createOutputGuard: isGuarded ? guarded : unguarded,
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts: { sign: async () => '' },
    documents,
    upstreamTimeoutMs: 60_000,
  });
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
  const caller = {
    tenant: parseTenantId('acme'),
    principal: parsePrincipalId('app'),
    credentialId: 'k1',
    credentialKind: 'apiKey',
  } as const;
  const came = () => ({ read, ...(reached === undefined ? {} : { reached }), wire: Buffer.concat(written) });
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

/** Reads a request as its route's protocol does. Throws what that throws. */
export function readRequest(path: string, body: string) {
  for (const protocol of protocols) {
    const route = protocol.match('POST', path);
    if (route?.kind !== 'invoke') continue;
    return { protocol, operation: route.operation, read: protocol.read(route, Buffer.from(body), () => undefined) };
  }
  throw new Error(`no protocol has ${path}`);
}

async function* oneByOne(events: readonly AnswerEvent[]): AsyncGenerator<readonly AnswerEvent[]> {
  for (const event of events) yield [event];
}
