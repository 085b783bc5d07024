import { hash, randomBytes } from 'node:crypto';
import { createAuthorizer } from '../../access/index.ts';
import { demoConfigText, parseConfig } from '../../config/index.ts';
import {
  type AnswerEvent,
  type Authorizer,
  type Caller,
  type ContentPolicy,
  createRequestId,
  type DocumentReader,
  GatewayError,
  type Journal,
  type JournalRecord,
  type KeyRing,
  type Model,
  type Provider,
  parsePrincipalId,
  parseTenantId,
  type Stage,
  toContentPolicy,
} from '../../core/index.ts';
import { maskStage, maskText } from '../../deidentify/index.ts';
import { detectors as detectorTable } from '../../detectors/index.ts';
import { createOutputGuards, detectStage, guardInputStage } from '../../guardrails/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import type { Outlet } from './outlet.ts';
import { createPassage, type PassageOptions, type Passed, type PassRequest } from './passage.ts';
import { createReasoningSeals } from './reasoning-seal.ts';
import { contentAccessStage } from './stages.ts';

export const NOVA = 'amazon.nova-lite-v1:0';
export const TITAN = 'amazon.titan-text-express-v1';

const detectors = Object.values(detectorTable);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What happened, in order. `durable` is the text of the releases that were durable when bytes left. */
export type Step =
  | { readonly kind: 'append' | 'appended'; readonly record: JournalRecord }
  | { readonly kind: 'invoke' | 'upstreamEnded' | 'open' | 'end' }
  | { readonly kind: 'write'; readonly text: string; readonly durable: string };

export interface SceneOptions {
  readonly prompt?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly principal?: string;
  readonly stream?: boolean;
  /** The upstream, in batches; may throw. Ends the call once `signal` aborts, as a provider must. */
  readonly answer?: (signal: AbortSignal) => AsyncIterable<readonly AnswerEvent[]>;
  /** Rejects instead of answering. */
  readonly invokeFault?: unknown;
  /** The append, counted from 0, from which on the journal takes nothing more. */
  readonly journalFailsAt?: number;
  /** The append that lands and is reported as failed all the same. */
  readonly landsAndFails?: boolean;
  /** Told of the receipt, and what had happened by then. */
  readonly onPromise?: (receipt: string, steps: readonly Step[]) => void;
  readonly moreStages?: readonly Stage[];
  readonly upstreamTimeoutMs?: number;
  /** Replaces parts of what the passage is made of. */
  readonly passage?: Partial<PassageOptions>;
  /** What the outlet says of a write: a promise where the client is slow. */
  readonly onWrite?: (steps: readonly Step[]) => Promise<void> | undefined;
  readonly client?: AbortController;
  /** The type of finding that ends an answer, instead of being masked in it. */
  readonly blockOutput?: string;
}

export interface Scene {
  readonly steps: Step[];
  readonly result: Promise<Passed>;
  /** The result, or the fault in its place. */
  readonly settled: Promise<Passed | GatewayError>;
}

const caller = (principal: string): Caller => ({
  tenant: parseTenantId('demo'),
  principal: parsePrincipalId(principal),
  credentialId: 'k1',
  credentialKind: 'apiKey',
});

/** A text answer in batches, one delta each, framed as a provider frames it. */
export async function* say(...texts: readonly string[]): AsyncGenerator<readonly AnswerEvent[]> {
  yield [{ kind: 'start' }, { kind: 'blockStart', index: 0, block: { kind: 'text' } }];
  for (const text of texts) yield [{ kind: 'delta', index: 0, text }];
  yield [
    { kind: 'blockStop', index: 0 },
    { kind: 'stop', reason: 'endTurn' },
    { kind: 'usage', usage: { inputTokens: 3, outputTokens: 5 } },
  ];
}

/** A journal by contract, in memory: slow enough that who does not wait for it is seen. */
function journalOf({ journalFailsAt = Number.POSITIVE_INFINITY, landsAndFails = false }: SceneOptions, steps: Step[]) {
  let count = 0;
  let failed = false;
  const journal: Journal = {
    async append(record) {
      steps.push({ kind: 'append', record });
      failed ||= count === journalFailsAt;
      count += 1;
      const lost = failed;
      await turn();
      if (!lost || (landsAndFails && count - 1 === journalFailsAt)) steps.push({ kind: 'appended', record });
      if (lost) throw new GatewayError('journalUnavailable');
      return { leafHash: new Uint8Array(32) };
    },
    isAvailable: () => !failed,
    close: async () => {},
  };
  return journal;
}

function providerOf({ answer = () => say('hello ', 'there'), invokeFault }: SceneOptions, steps: Step[]): Provider {
  async function* watched(signal: AbortSignal) {
    try {
      yield* answer(signal);
    } finally {
      steps.push({ kind: 'upstreamEnded' });
    }
  }
  return {
    name: 'simulator',
    async invoke(_exchange, signal) {
      steps.push({ kind: 'invoke' });
      if (invokeFault !== undefined) throw invokeFault;
      return { providerRequestId: 'upstream-1', events: watched(signal) };
    },
    close: async () => {},
  };
}

function outletOf({ client = new AbortController(), onWrite, onPromise }: SceneOptions, steps: Step[]): Outlet {
  return {
    signal: client.signal,
    promise: (receipt) => onPromise?.(receipt, steps),
    open: () => steps.push({ kind: 'open' }),
    write(bytes) {
      steps.push({ kind: 'write', text: Buffer.from(bytes).toString(), durable: durableText(steps) });
      return onWrite?.(steps);
    },
    end: () => steps.push({ kind: 'end' }),
  };
}

const keyRing: KeyRing = { derive: (purpose) => hash('sha256', purpose, 'buffer') };

const noDocuments: DocumentReader = {
  read: async () => {
    throw new GatewayError('internal');
  },
  [Symbol.asyncDispose]: async () => {},
};

interface House {
  readonly policy: ContentPolicy;
  readonly authorizer: Authorizer;
  readonly models: ReadonlyMap<string, Model>;
}

const houses = new Map<string | undefined, House>();

/** The demo's configuration, with one type of finding blocked in answers where told. Parsed once: policies take a while. */
function houseOf(blockOutput: string | undefined): House {
  const known = houses.get(blockOutput);
  if (known !== undefined) return known;
  const blocking = `$1${blockOutput}: block`;
  const text =
    blockOutput === undefined ? demoConfigText : demoConfigText.replace(/(output:\n\s+)EMAIL: mask/, blocking);
  const config = parseConfig(text, { path: 'demo.yaml' });
  const house = {
    policy: toContentPolicy(config.inspection),
    authorizer: createAuthorizer(config),
    models: new Map(config.models.map((model) => [model.id, model])),
  };
  houses.set(blockOutput, house);
  return house;
}

/** One exchange through a passage of real stages, guard and protocol, between a hand-made provider and outlet. */
export function play(options: SceneOptions = {}): Scene {
  const { prompt = 'hello', model: id = NOVA, principal = 'developer', stream = false, blockOutput } = options;
  const steps: Step[] = [];
  const { policy, authorizer, models } = houseOf(blockOutput);
  const pass = createPassage({
    clock: { now: () => 1_764_000_000_000 },
    authorizer,
    journal: journalOf(options, steps),
    models,
    providers: new Map([['simulator', providerOf(options, steps)]]),
    stages: [
      detectStage(detectors, policy),
      guardInputStage(policy),
      maskStage(detectors, policy),
      contentAccessStage(authorizer, policy),
      ...(options.moreStages ?? []),
    ],
    createOutputGuard: createOutputGuards({ detectors, policy, mask: maskText }),
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts: { sign: async (_, time) => `receipt of ${time}` },
    documents: noDocuments,
    upstreamTimeoutMs: options.upstreamTimeoutMs ?? 5_000,
    ...options.passage,
  });
  const result = pass(
    requestOf({ prompt, model: id, principal, stream, metadata: options.metadata }),
    outletOf(options, steps),
  );
  const settled = result.catch((error: unknown) => {
    if (error instanceof GatewayError) return error;
    throw error;
  });
  return { steps, result, settled };
}

type Asked = Required<Pick<SceneOptions, 'prompt' | 'model' | 'principal' | 'stream'>> & {
  readonly metadata: SceneOptions['metadata'] | undefined;
};

function requestOf({ prompt, model, principal, stream, metadata }: Asked): PassRequest {
  const route = openaiProtocol.match('POST', '/openai/v1/chat/completions');
  if (route?.kind !== 'invoke') throw new Error('no such route');
  const body = Buffer.from(JSON.stringify({ model, stream, metadata, messages: [{ role: 'user', content: prompt }] }));
  return {
    id: createRequestId(1_764_000_000_000, new Uint8Array(10).fill(7)),
    caller: caller(principal),
    protocol: openaiProtocol,
    bytesReceived: body.length,
    operation: route.operation,
    read: openaiProtocol.read(route, body, () => undefined),
    startedAt: 1_764_000_000_000,
  };
}

/** The text that durable records let out so far. */
function durableText(steps: readonly Step[]): string {
  return steps
    .flatMap((step) => (step.kind === 'appended' ? releasedIn(step.record) : []))
    .map((event) => (event.kind === 'delta' ? event.text : ''))
    .join('');
}

/** What a record lets out once it is durable. */
function releasedIn(record: JournalRecord): readonly AnswerEvent[] {
  if (record.kind === 'release') return record.events;
  return record.kind === 'response' ? (record.released ?? []) : [];
}

/** The answer's text in what was written, which is `data:` lines of chat completion chunks. */
export function writtenText(steps: readonly Step[]): string {
  const wire = steps.map((step) => (step.kind === 'write' ? step.text : '')).join('');
  return [...wire.matchAll(/^data: (\{.*)$/gm)]
    .map(([, json = '']) => JSON.parse(json).choices?.[0]?.delta?.content ?? '')
    .join('');
}

export const recordsOf = (steps: readonly Step[], kind: 'append' | 'appended') =>
  steps.flatMap((step) => (step.kind === kind && 'record' in step ? [step.record] : []));
