import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { type Clock, GatewayError, type KeyRing, type WrappedKey, type WrappedKeyStore } from '../../core/index.ts';
import type { KeyWrapping } from './key-wrapping.ts';

/** The key of one erasure subject's records. */
export interface RecordKey {
  readonly tenant: string;
  readonly subject: string;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
  /** 16 bytes that stand for the tenant where no name may. */
  readonly tenantAlias: Uint8Array;
  /** The AES-256 key for what one writer writes. */
  forWriter(writer: Uint8Array): KeyObject;
}

/**
 * Record keys, unwrapped. Holds at most `capacity` of them, the last used, and each for `maxAgeMs`: then what wraps it is
 * asked again, and may refuse.
 */
export interface RecordKeys {
  /** The key, if it is at hand. */
  held(tenant: string, subject: string): RecordKey | undefined;
  /** The key of a subject, made if there is none. Calls at once for one subject share the work. */
  load(tenant: string, subject: string): Promise<RecordKey>;
  /** Lets go of a key that was destroyed: its subject is asked for anew. */
  forget(keyId: Uint8Array): void;
}

/** Gives the 16 bytes that stand for a tenant's name where no name may. */
export type TenantAliases = (tenant: string) => Uint8Array;

const ALIAS_BYTES = 16;

/** Aliases that nobody without the key ring can make, or try names against. */
export function createTenantAliases(keyRing: KeyRing): TenantAliases {
  const key = keyRing.derive('audit/tenant-alias');
  return (tenant) => createHmac('sha256', key).update(tenant).digest().subarray(0, ALIAS_BYTES);
}

interface RecordKeyOptions {
  readonly store: WrappedKeyStore;
  readonly wrapping: KeyWrapping;
  readonly toAlias: TenantAliases;
  /** Gives that many random bytes, fit for keys. */
  readonly random: (length: number) => Uint8Array;
  readonly capacity: number;
  readonly clock: Clock;
  /** Milliseconds; 5 minutes unless told. */
  readonly maxAgeMs?: number;
}

const MAX_AGE_MS = 5 * 60_000;

interface HeldKey {
  readonly key: RecordKey;
  /** Epoch milliseconds. */
  readonly since: number;
}

export function createRecordKeys(options: RecordKeyOptions): RecordKeys {
  const { store, wrapping, toAlias, random, capacity, clock, maxAgeMs = MAX_AGE_MS } = options;
  const held = new Map<string, HeldKey>();
  const loading = new Map<string, Promise<RecordKey>>();

  async function fetch(tenant: string, subject: string): Promise<RecordKey> {
    try {
      const kept = (await store.find(tenant, subject)) ?? (await create(tenant, subject));
      // By the caller's names, not the row's: a row put in another's place must not lend it its key.
      const key = { ...kept, tenant, subject };
      return toRecordKey({ ...key, tenantAlias: toAlias(tenant) }, await wrapping.unwrap(key));
    } catch (cause) {
      throw new GatewayError('journalUnavailable', { cause });
    }
  }

  /** Resolves to what the store keeps, and forgets the plain key: one that cannot be unwrapped must encrypt nothing. */
  async function create(tenant: string, subject: string): Promise<WrappedKey> {
    const name = { tenant, subject, keyId: random(16), generation: await store.countWrap() };
    const dataKey = random(32);
    const wrapped = await wrapping.wrap(dataKey, name);
    dataKey.fill(0);
    return store.createIfAbsent({ ...name, wrapped });
  }

  function hold(name: string, key: HeldKey): void {
    held.delete(name);
    held.set(name, key);
    for (const oldest of held.keys()) {
      if (held.size <= capacity) break;
      held.delete(oldest);
    }
  }

  return {
    held(tenant, subject) {
      const name = toName(tenant, subject);
      const known = held.get(name);
      if (known === undefined) return undefined;
      const age = clock.now() - known.since;
      // A clock that was put back says nothing of how old it is.
      if (age < 0 || age >= maxAgeMs) {
        held.delete(name);
        return undefined;
      }
      hold(name, known);
      return known.key;
    },
    load(tenant, subject) {
      const name = toName(tenant, subject);
      const shared = loading.get(name);
      if (shared !== undefined) return shared;
      const pending = fetch(tenant, subject);
      loading.set(name, pending);
      // The first reaction to `pending`, so that who asks once the key is held comes after all who waited for it.
      pending.then(
        (key) => {
          hold(name, { key, since: clock.now() });
          loading.delete(name);
        },
        () => loading.delete(name),
      );
      return pending;
    },
    forget(keyId) {
      for (const [name, { key }] of held) if (Buffer.compare(key.keyId, keyId) === 0) held.delete(name);
    },
  };
}

/** Gives the key of an id, unwrapped once; undefined where it was destroyed. */
export type RecordKeyFinder = (keyId: Uint8Array) => Promise<RecordKey | undefined>;

/** For one pass over a journal: what it unwraps it holds as long as it lives itself. */
export function createRecordKeyFinder({
  store,
  wrapping,
  toAlias,
}: Pick<RecordKeyOptions, 'store' | 'wrapping' | 'toAlias'>): RecordKeyFinder {
  const found = new Map<string, Promise<RecordKey | undefined>>();
  async function fetch(keyId: Uint8Array): Promise<RecordKey | undefined> {
    const kept = await store.findById(keyId);
    if (kept === undefined) return undefined;
    const key = { ...kept, keyId, tenantAlias: toAlias(kept.tenant) };
    return toRecordKey(key, await wrapping.unwrap(key));
  }
  return (keyId) => {
    const name = Buffer.from(keyId).toString('hex');
    const key = found.get(name) ?? fetch(keyId);
    found.set(name, key);
    return key;
  };
}

// Names of tenants and subjects hold no control characters.
function toName(tenant: string, subject: string): string {
  return `${tenant}\n${subject}`;
}

/**
 * Each writer has its own key, derived from the subject's (HKDF-SHA-256, RFC 5869, the writer's id as salt): writers
 * need not agree on nonces, because no two of them use one key.
 */
function toRecordKey(named: Omit<RecordKey, 'forWriter'>, dataKey: Uint8Array): RecordKey {
  const { tenant, subject, keyId, tenantAlias } = named;
  const secret = createSecretKey(dataKey);
  dataKey.fill(0);
  let last: { readonly writer: Uint8Array; readonly key: KeyObject } | undefined;
  return {
    tenant,
    subject,
    keyId,
    tenantAlias,
    forWriter(writer) {
      if (last === undefined || Buffer.compare(last.writer, writer) !== 0) {
        const derived = Buffer.from(hkdfSync('sha256', secret, writer, 'sallyport record A256GCM', 32));
        last = { writer, key: createSecretKey(derived) };
        derived.fill(0);
      }
      return last.key;
    },
  };
}
