import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFileSink, createRecordLog, openJournal, type RecordLog } from '../../audit/index.ts';
import {
  type Caller,
  createRequestId,
  type Journal,
  type JournalRecord,
  parsePrincipalId,
  parseTenantId,
  type RequestId,
} from '../../core/index.ts';
import { createLocalKeyRing, openState } from '../../state/index.ts';

const time = Date.UTC(2026, 0, 2, 3, 4, 5);
const callerOf = (tenant: string): Caller => ({
  tenant: parseTenantId(tenant),
  principal: parsePrincipalId('developer'),
  credentialId: 'k1',
  credentialKind: 'apiKey',
});

/** Of the exchange that `writeRecord` writes at this place. */
export function requestIdOf(n: number): RequestId {
  return createRequestId(time, new Uint8Array(10).fill(n));
}

export interface OpenRecord extends AsyncDisposable {
  readonly journal: Journal;
  readonly log: RecordLog;
}

/** What a gateway has open in a data directory, which is made: a journal, and the log with a file sink, `kept`. */
export async function openRecord(data: string): Promise<OpenRecord> {
  for (const room of ['keys', 'state', 'audit', 'kept']) mkdirSync(join(data, room), { recursive: true, mode: 0o700 });
  const keyRing = await createLocalKeyRing(join(data, 'keys', 'root.key'));
  const state = await openState({ file: join(data, 'state', 'state.db'), keyRing });
  const directories = {
    journal: join(data, 'audit', 'journal'),
    log: join(data, 'audit', 'log'),
    staging: join(data, 'staging'),
  };
  const { wrappedKeys: keys, heads, index } = state;
  const clock = { now: () => time };
  const locks = { hold: () => ({ release: () => {} }), isHeld: () => false };
  const journal = await openJournal({ directory: directories.journal, keys, keyRing, clock, locks });
  const sinks = [createFileSink({ name: 'kept', directory: join(data, 'kept'), clock })];
  const log = createRecordLog({
    place: { kind: 'disk', directories },
    clock,
    keyRing,
    keys,
    heads,
    index,
    origin: 'sallyport/demo',
    sinks,
  });
  return {
    journal,
    log,
    async [Symbol.asyncDispose]() {
      await journal.close();
      state.close();
    },
  };
}

/** Writes an exchange of each tenant into the log, as a gateway does; of a tenant `slow`, its response by itself. */
export async function writeRecord(data: string, ...tenants: readonly string[]): Promise<void> {
  await using record = await openRecord(data);
  const { journal, log } = record;
  for (const [n, tenant] of tenants.entries()) {
    const caller = callerOf(tenant);
    for (const entry of exchangeOf(n, caller)) {
      await journal.append(entry, caller);
      if (tenant === 'slow') await log.round();
    }
  }
  await log.round();
}

function exchangeOf(n: number, caller: Caller): readonly JournalRecord[] {
  const requestId = requestIdOf(n);
  const found = { findingCounts: {}, findings: [] };
  return [
    {
      ...found,
      kind: 'request',
      requestId,
      time: time + n,
      caller,
      protocol: 'openai',
      operation: 'chat.completions',
      action: 'InvokeModel',
      model: 'amazon.nova-lite-v1:0',
      provider: 'simulator',
      servedModel: 'amazon.nova-lite-v1:0',
      bytesReceived: 100,
      policyVersion: 'p1',
      stages: [{ stage: 'detect', decision: 'pass' }],
      original: [{ kind: 'text', origin: 'user', path: '/messages/0/content', text: `prompt ${n}` }],
    },
    { ...found, kind: 'response', requestId, time: time + n, status: 'complete', bytesSent: 1 },
  ];
}
