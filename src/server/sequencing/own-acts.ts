import { hash, randomBytes } from 'node:crypto';
import {
  createRecordAudit,
  type KmsWrapping,
  printVerifierKey,
  type RecordPlace,
  toVerifierKey,
} from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import { type ActRecord, createRequestId, gatewayOwner, type Journal, type KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { systemClock } from '../system-clock.ts';

/** What the gateway runs on, by its hashes. */
export interface Versions {
  /** SHA-256 of the configuration with every default, secrets by reference. */
  readonly configuration: string;
  readonly policies: string;
}

export function toVersions(config: Config, policies: string): Versions {
  return { configuration: hash('sha256', JSON.stringify(config)), policies };
}

interface LastConfigurationOptions {
  readonly config: Config;
  readonly place: RecordPlace;
  readonly keyRing: KeyRing;
  readonly kms: KmsWrapping | undefined;
  readonly state: Pick<State, 'wrappedKeys' | 'index'>;
}

/** What the last recorded change has; undefined where there is none in the log. */
export async function lastConfiguration({
  config,
  place,
  keyRing,
  kms,
  state,
}: LastConfigurationOptions): Promise<Partial<Versions> | undefined> {
  const { wrappedKeys: keys, index } = state;
  const audit = createRecordAudit({ place, keyRing, keys, kms, index, origin: config.audit.origin });
  const [last] = await index.list({ type: 'change', limit: 1 });
  const record = last === undefined ? undefined : (await audit.at(last.index))?.record;
  if (record?.kind !== 'change') return undefined;
  const { configuration, policies } = record.details;
  return {
    ...(typeof configuration === 'string' ? { configuration } : {}),
    ...(typeof policies === 'string' ? { policies } : {}),
  };
}

/** Records that the gateway runs on something else than when it was last started. */
export async function recordChange(
  journal: Pick<Journal, 'append'>,
  { configuration, policies }: Versions,
  previous: Partial<Versions> | undefined,
): Promise<void> {
  if (previous?.configuration === configuration && previous.policies === policies) return;
  const before = {
    ...(previous?.configuration === undefined ? {} : { previousConfiguration: previous.configuration }),
    ...(previous?.policies === undefined ? {} : { previousPolicies: previous.policies }),
  };
  await recordOwn(journal, { kind: 'change', act: 'configuration', details: { configuration, policies, ...before } });
}

/** Puts a key that signs receipts into the log, where whoever checks one finds it. */
export async function certify(journal: Pick<Journal, 'append'>, origin: string, publicKey: Uint8Array): Promise<void> {
  const receiptKey = printVerifierKey(toVerifierKey(`${origin}/receipts`, publicKey));
  await recordOwn(journal, { kind: 'key', act: 'receipt key', details: { receiptKey }, disclosed: { receiptKey } });
}

interface SharedActs {
  readonly journal: Pick<Journal, 'append'>;
  readonly marks: State['marks'];
  readonly origin: string;
  /** Of the key that all processes sign receipts with. */
  readonly publicKey: Uint8Array;
  readonly versions: Versions;
}

/**
 * Records for any number of processes what each of one machine records at its start: once, as marks tell. The act comes
 * first, and then its mark: two of the same harm nobody, and none would leave receipts that nobody can check.
 */
export async function recordShared({ journal, marks, origin, publicKey, versions }: SharedActs): Promise<void> {
  await once(marks(`receipt-key/${origin}`), Buffer.from(publicKey), () => certify(journal, origin, publicKey));
  const { configuration, policies } = versions;
  await once(marks('configuration'), Buffer.from(`${configuration}\n${policies}`), (last) => {
    const [before, policiesBefore] = last === undefined ? [] : Buffer.from(last).toString().split('\n');
    const previous = before === undefined ? undefined : { configuration: before, policies: policiesBefore ?? '' };
    return recordChange(journal, versions, previous);
  });
}

async function once(
  mark: ReturnType<State['marks']>,
  content: Uint8Array,
  act: (last: Uint8Array | undefined) => Promise<void>,
): Promise<void> {
  const last = await mark.read();
  if (last !== undefined && Buffer.compare(last, content) === 0) return;
  await act(last);
  await mark.replace(last, content);
}

/** Records what the gateway does by itself. */
async function recordOwn(
  journal: Pick<Journal, 'append'>,
  act: Omit<ActRecord, 'requestId' | 'time' | 'operator'>,
): Promise<void> {
  const time = systemClock.now();
  const requestId = createRequestId(time, randomBytes(10));
  await journal.append({ ...act, operator: 'gateway', requestId, time }, gatewayOwner);
}
