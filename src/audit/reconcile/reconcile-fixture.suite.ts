import { gzipSync } from 'node:zlib';
import type { RequestRecord, ResponseRecord } from '../../core/index.ts';
import { createScene, type Scene } from '../export/export-scene.suite.ts';
import { callerOf, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import type { InvocationLogSource } from './invocation-log.ts';
import type { LoggedCall } from './logged-call.ts';
import { type ReconcileOptions, reconcile } from './reconcile.ts';

/** When the first call of every scene is: 2025-11-24T16:00:00Z. */
export const START = 1_764_000_000_000;
const MINUTE = 60_000;
export const RANGE = { from: START, until: START + 60 * MINUTE };
export const ARN = 'arn:aws:sts::111122223333:assumed-role/gateway/sallyport.test.acme';
export const STRANGER = 'arn:aws:sts::111122223333:assumed-role/dev/mallory';

/** The nth call as AWS logs it, after what is given. */
export function loggedOf(n: number, given: Partial<LoggedCall> = {}): LoggedCall {
  return {
    time: START + n * MINUTE,
    accountId: '111122223333',
    region: 'eu-central-1',
    requestId: `aws-${n}`,
    operation: 'Converse',
    modelId: 'amazon.nova-lite-v1:0',
    arn: ARN,
    claimedId: requestIdOf(n),
    ...given,
  };
}

/** A record in the shape of the service's, bodies included. */
export function toRecord({ time, arn, claimedId, ...call }: LoggedCall): object {
  return {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: new Date(time).toISOString().replace('.000Z', 'Z'),
    ...call,
    identity: { arn },
    ...(claimedId === undefined ? {} : { requestMetadata: { 'sallyport-request-id': claimedId, case: '4711' } }),
    input: {
      inputContentType: 'application/json',
      inputBodyJson: { messages: [{ role: 'user', content: [{ text: 'a "secret" {prompt} \\ ] é' }] }] },
      inputTokenCount: 7,
    },
    output: { outputContentType: 'application/json', outputBodyJson: { stopReason: 'end_turn' }, outputTokenCount: 3 },
  };
}

/** A batch as it is delivered: compressed, a record a line. */
export function toBatch(calls: readonly LoggedCall[]): Buffer {
  return gzipSync(calls.map((call) => `${JSON.stringify(toRecord(call))}\n`).join(''));
}

export function keyOf(name: string, hour = '2025/11/24/16'): string {
  return `AWSLogs/111122223333/BedrockModelInvocationLogs/eu-central-1/${hour}/${name}`;
}

/** Texts under their keys, in chunks of a size. */
export function sourceOf(files: Readonly<Record<string, string>>, chunkBytes = 1 << 16): InvocationLogSource {
  return {
    async *list(prefix) {
      yield* Object.keys(files).filter((key) => key.startsWith(prefix));
    },
    async *open(key) {
      const bytes = Buffer.from(files[key] ?? '');
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

export function linesOf(calls: readonly LoggedCall[]): string {
  return calls.map((call) => JSON.stringify(toRecord(call))).join('\n');
}

interface Recorded {
  readonly asked?: Partial<RequestRecord>;
  /** Undefined where the gateway did not live to record it. */
  readonly answered?: Partial<ResponseRecord> | undefined;
}

/** Records the nth call of tenant `acme` to Bedrock. */
export async function recordCall(scene: Scene, n: number, { asked, ...given }: Recorded = {}): Promise<void> {
  const time = START + n * MINUTE;
  const id = requestIdOf(n);
  const request = { ...requestOf(id), time, provider: 'bedrock', ...asked };
  const owner = request.caller;
  await scene.append(request, owner);
  if ('answered' in given && given.answered === undefined) return;
  const response: ResponseRecord = {
    ...(responseOf(id) as ResponseRecord),
    time: time + 500,
    providerRequestId: `aws-${n}`,
    ...given.answered,
  };
  await scene.append(response, owner);
}

/** Two tenants' worth of records in a log, and what to hold against it. */
export async function openScene(record: (scene: Scene) => Promise<unknown>) {
  const scene = await createScene();
  await record(scene);
  await scene.sequence();
  return {
    ...scene,
    reconcile: (source: InvocationLogSource, given: Partial<ReconcileOptions> = {}) =>
      reconcile({
        source,
        objects: scene.objects,
        findKey: scene.findKey(),
        regions: new Map([['bedrock', 'eu-central-1']]),
        environment: 'test',
        range: RANGE,
        now: RANGE.until + 60 * MINUTE,
        graceMs: 15 * MINUTE,
        limit: 100,
        ...given,
      }),
  };
}

export const otherTenant = callerOf('app', 'other');
