import { createSecretKey, hash, randomBytes } from 'node:crypto';
import { createAuthorizer } from '../../access/index.ts';
import { demoConfigText, parseConfig } from '../../config/index.ts';
import {
  type Caller,
  GatewayError,
  type JournalRecord,
  type KeyRing,
  type Provider,
  parsePrincipalId,
  parseTenantId,
  toContentPolicy,
} from '../../core/index.ts';
import { maskStage, maskText } from '../../deidentify/index.ts';
import { detectors as detectorTable } from '../../detectors/index.ts';
import { createOutputGuards, detectStage, guardInputStage } from '../../guardrails/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../../protocols/index.ts';
import { createSimulator } from '../../providers/index.ts';
import { createReasoningSeals } from '../passage/reasoning-seal.ts';
import { contentAccessStage } from '../passage/stages.ts';
import { createSealedBox } from '../sealed-box.ts';
import { createStepPlaces, type StepObjects } from './step-places.ts';
import { createSteps, type StepResult, type Steps, type StepsOptions } from './steps.ts';

export const MACHINE = 'arn:aws:states:us-east-1:111122223333:stateMachine:acme';
export const CONVERSE = '/model/amazon.nova-lite-v1%3A0/converse';

/** A bucket: what is there is not written over, and what `failing` says of a path fails before or after it landed. */
function createBucket(failing: (path: string) => 'before' | 'after' | undefined = () => undefined) {
  const objects = new Map<string, Uint8Array>();
  const bucket: StepObjects = {
    async create(path, bytes) {
      const fault = failing(path);
      if (fault === 'before') throw new Error('out of reach');
      const there = objects.get(path);
      if (there !== undefined && Buffer.compare(there, bytes) !== 0) throw new Error('it is there already');
      objects.set(path, bytes);
      if (fault === 'after') throw new Error('the reply was lost');
    },
    read: async (path) => objects.get(path),
  };
  return { objects, bucket };
}

export interface HouseOptions {
  readonly principal?: string;
  readonly inspection?: string;
  readonly failing?: Parameters<typeof createBucket>[0];
  readonly options?: Partial<StepsOptions>;
}

const keyRing: KeyRing = { derive: (purpose) => hash('sha256', purpose, 'buffer') };
const detectors = Object.values(detectorTable);

/** Steps over the simulator, a bucket and a journal in memory. */
export function createHouse({ principal = 'developer', inspection, failing, options = {} }: HouseOptions = {}) {
  const text = inspection === undefined ? demoConfigText : demoConfigText.replace(/inspection:[\s\S]*$/, inspection);
  const config = parseConfig(text, { path: 'demo.yaml' });
  const authorizer = createAuthorizer(config);
  const policy = toContentPolicy(config.inspection);
  const { objects, bucket } = createBucket(failing);
  const records: JournalRecord[] = [];
  const simulator = createSimulator({ name: 'simulator' });
  let calls = 0;
  const provider: Provider = {
    ...simulator,
    invoke(exchange, signal) {
      calls += 1;
      return simulator.invoke(exchange, signal);
    },
  };
  const caller: Caller = {
    tenant: parseTenantId('demo'),
    principal: parsePrincipalId(principal),
    credentialId: MACHINE,
    credentialKind: 'apiKey',
  };
  const box = createSealedBox(createSecretKey(keyRing.derive('server/steps')), randomBytes);
  const steps = createSteps({
    clock: { now: () => 1_764_000_000_000 },
    authorizer,
    journal: {
      async append(record) {
        records.push(record);
        return { leafHash: hash('sha256', `entry ${records.length}`, 'buffer') };
      },
      isAvailable: () => true,
      close: async () => {},
    },
    models: new Map(config.models.map((model) => [model.id, model])),
    providers: new Map([['simulator', provider]]),
    stages: [
      detectStage(detectors, policy),
      guardInputStage(policy),
      maskStage(detectors, policy),
      contentAccessStage(authorizer, policy),
    ],
    createOutputGuard: createOutputGuards({ detectors, policy, mask: maskText }),
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts: { sign: async (leafHash) => `receipt of ${Buffer.from(leafHash).toString('hex').slice(0, 8)}` },
    documents: {
      read: async () => {
        throw new GatewayError('internal');
      },
      [Symbol.asyncDispose]: async () => {},
    },
    protocols: [bedrockProtocol, openaiProtocol, anthropicProtocol],
    callers: new Map([[MACHINE, caller]]),
    places: createStepPlaces({ objects: bucket, box, random: randomBytes }),
    objects: bucket,
    maxBodyBytes: 100_000,
    random: randomBytes,
    findRecorded: async () => ({ hasResponse: false }),
    ...options,
  });
  return { steps, objects, records, calls: () => calls };
}

export type House = ReturnType<typeof createHouse>;

/** What the context object and the input of an execution come to. */
export function eventOf(name: string, request?: { readonly key: string; readonly path?: string }) {
  const execution = `${MACHINE.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    stateMachine: MACHINE,
    execution,
    ...(request === undefined ? {} : { request: { path: CONVERSE, ...request } }),
  };
}

/** Puts a Converse request down for the tenant. */
export function putPrompt({ objects }: Pick<House, 'objects'>, prompt: string, key = 'requests/demo/in.json'): void {
  objects.set(key, Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: [{ text: prompt }] }] })));
}

const MINUTE_MS = 60_000;

/** The workflow as its definition has it: to the end, or to where it is refused. */
export async function walk(steps: Steps, name: string, key = 'requests/demo/in.json'): Promise<StepResult> {
  await steps.sanitise(eventOf(name, { key }), MINUTE_MS);
  await steps.guard(eventOf(name), MINUTE_MS);
  const recorded = await steps.record(eventOf(name), MINUTE_MS);
  if (recorded.outcome === 'refused') return recorded;
  await steps.invoke(eventOf(name), MINUTE_MS);
  await steps.scan(eventOf(name), MINUTE_MS);
  return steps.record(eventOf(name), MINUTE_MS);
}

/** The JSON that lies under a key. */
export function readObject({ objects }: Pick<House, 'objects'>, key: string | undefined) {
  return JSON.parse(Buffer.from(objects.get(String(key)) ?? '').toString());
}
