import { randomBytes } from 'node:crypto';
import {
  type Appended,
  type Clock,
  GatewayError,
  type JournalRecord,
  type KeyRing,
  type RecordOwner,
  type RequestId,
  type WrappedKeyStore,
} from '../../core/index.ts';
import { createEncoder, createSalts } from '../journal/encoder.ts';
import { createErasureWatch } from '../journal/erasures.ts';
import { HELD_KEYS, type OpenedJournal } from '../journal/journal.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { createKeyWrapping, type KmsWrapping } from '../record/key-wrapping.ts';
import { createRecordKeys, createTenantAliases, type RecordKey } from '../record/record-keys.ts';
import { type Chain, createChain } from './chain.ts';
import type { JournalTable } from './journal-table-store.ts';

export interface TableJournalOptions {
  readonly table: Pick<JournalTable, 'prepare' | 'put'>;
  /** Where entries go that are too large for an item. */
  readonly large: Pick<ObjectStore, 'create'>;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
  /** Keys of KMS that they are wrapped under; under the key ring unless told. */
  readonly kms?: KmsWrapping | undefined;
  readonly clock: Clock;
  /** Bytes that may wait to be written; beyond it `append` rejects. 64 MiB unless told. */
  readonly queueBytes?: number;
  /** Asked at each append: whether the log is so far behind that nothing more is to be recorded. */
  readonly isBehind?: () => boolean;
}

const QUEUE_BYTES = 64 * 1024 * 1024;
/** After a batch was not written, with all tries of the SDK, no request is taken for so long. */
const PAUSE_MS = 1_000;
/**
 * The head of the log remembers the writers that moved last; one that comes back from a longer sleep, as a frozen
 * function does, comes as another.
 */
const IDLE_MS = 5 * 60_000;
/** Far less than a batch is kept, so that where a chain stands in the log can be found from its beginning. */
const LONGEST_MS = 60 * 60_000;

interface OpenChain {
  readonly chain: Chain;
  /** Epoch milliseconds. */
  readonly since: number;
  lastUsed: number;
}

/**
 * Opens a journal in a table, with a chain of its own for each tenant of this process.
 *
 * A batch that is not written ends its chain, and its entries are rejected; they may be there all the same, and then go
 * into the log, where an exchange nobody was answered for is closed as interrupted. The tenant's next entry begins
 * another chain. INVARIANT: once an append has resolved, nothing of it is in this process alone.
 */
export async function openTableJournal(options: TableJournalOptions): Promise<OpenedJournal> {
  const { table, large, keyRing, keys: store, kms, clock, queueBytes = QUEUE_BYTES } = options;
  const { isBehind = () => false } = options;
  const wrapping = createKeyWrapping(keyRing, kms);
  const naming = { store, wrapping, toAlias: createTenantAliases(keyRing) };
  const keys = createRecordKeys({ ...naming, random: randomBytes, capacity: HELD_KEYS, clock });
  const takeSalts = createSalts(randomBytes);
  const chains = new Map<string, OpenChain>();
  /** Of the whole process: an exchange may end in another chain than it began in. */
  const requests = new Map<RequestId, Uint8Array>();
  let failedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  await Promise.all([wrapping.prepare(), table.prepare()]);

  /** A chain stays as long as something of it is under way, so that what follows in it does not overtake. */
  function isUsable({ chain, since, lastUsed }: OpenChain): boolean {
    const now = clock.now();
    const isFresh = now - lastUsed < IDLE_MS && now - since < LONGEST_MS;
    return chain.failure === undefined && (isFresh || chain.pendingBytes > 0);
  }

  function chainOf(tenant: string): OpenChain {
    const known = chains.get(tenant);
    if (known !== undefined && isUsable(known)) return known;
    for (const [name, open] of chains) if (!isUsable(open)) chains.delete(name);
    const writer = randomBytes(8);
    const encode = createEncoder({ writer, takeSalts, requests });
    const chain = createChain({ tenant, writer: writer.toString('hex'), encode, table, large });
    const made: OpenChain = { chain, since: clock.now(), lastUsed: clock.now() };
    chains.set(tenant, made);
    return made;
  }

  function isPaused(): boolean {
    const passed = clock.now() - failedAt;
    return passed >= 0 && passed < PAUSE_MS;
  }

  /** Why the journal takes no record now. What was begun before is still recorded to its end. */
  function refusal({ kind }: JournalRecord): GatewayError | undefined {
    const pendingBytes = [...chains.values()].reduce((sum, { chain }) => sum + chain.pendingBytes, 0);
    const isRefused = isClosed || pendingBytes >= queueBytes || (kind === 'request' && (isPaused() || isBehind()));
    return isRefused ? new GatewayError('journalUnavailable') : undefined;
  }

  async function add(record: JournalRecord, key: RecordKey): Promise<Appended> {
    const refused = refusal(record);
    if (refused !== undefined) throw refused;
    const open = chainOf(key.tenant);
    open.lastUsed = clock.now();
    try {
      return await open.chain.append(record, key);
    } catch (cause) {
      if (open.chain.failure !== undefined) failedAt = clock.now();
      if (record.kind === 'request') requests.delete(record.requestId);
      throw cause instanceof GatewayError ? cause : new GatewayError('journalUnavailable', { cause });
    }
  }

  return {
    repairs: [],
    interrupted: 0,
    append(record, { tenant, principal }: RecordOwner) {
      const refused = refusal(record);
      if (refused !== undefined) return Promise.reject(refused);
      const key = keys.held(tenant, principal);
      return key === undefined ? keys.load(tenant, principal).then((loaded) => add(record, loaded)) : add(record, key);
    },
    hasFailed: isPaused,
    isAvailable: () => !isClosed && !isPaused() && !isBehind(),
    forget: keys.forget,
    refresh: createErasureWatch({ keys: store, forget: keys.forget, clock }),
    async close() {
      isClosed = true;
      await Promise.all([...chains.values()].map(({ chain }) => chain.settled()));
    },
  };
}
