import { createHash, hkdfSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'cborg';
import { toRequestRecord } from '../../../tools/request-record.ts';
import type {
  Caller,
  JournalRecord,
  KeyRing,
  RecordIndex,
  RequestId,
  RequestRecord,
  ResponseRecord,
  WrappedKey,
} from '../../core/index.ts';
import { parsePrincipalId, parseRequestId, parseTenantId, type WrappedKeyStore } from '../../core/index.ts';
import { createMemoryObjects } from '../log/log-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { createRecordFinder } from '../read/record-finder.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import type { AppendFile, JournalDisk } from './disk.ts';
import { localDisk } from './disk-store.ts';
import type { Entry } from './entry.ts';
import { type JournalOptions, type OpenedJournal, openJournalOn, type WriterLocks } from './journal.ts';
import { findEntries } from './journal-reader.ts';
import { listSeries, type PlacedEntry, readSeries } from './series.ts';

const directories: string[] = [];

/** A directory that `cleanUp` removes. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-journal-'));
  directories.push(directory);
  return directory;
}

const openFiles: AppendFile[] = [];

/** The local disk, remembering what was opened on it: a journal that is left as a crash would leaves it open. */
export const leakyDisk: JournalDisk = {
  ...localDisk,
  create: async (file, bytes) => remember(await localDisk.create(file, bytes)),
  open: async (file) => remember(await localDisk.open(file)),
};

function remember(file: AppendFile): AppendFile {
  openFiles.push(file);
  return file;
}

/** Closes what journals left open, as the end of a process does, and removes every temporary directory. */
export async function cleanUp(): Promise<void> {
  for (const file of openFiles.splice(0)) await file.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}

export function keyRingOf(secret: string): KeyRing {
  return { derive: (purpose) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32)) };
}

/** Wrapped keys in memory, and in a file where one is named, so that another process has them too. */
export function createKeyStore(file?: string): WrappedKeyStore & { readonly keys: Map<string, WrappedKey> } {
  const keys = new Map<string, WrappedKey>();
  const destroyed = new Map<string, number>();
  if (file !== undefined && existsSync(file)) {
    for (const { tenant, subject, keyId, wrapped, generation } of JSON.parse(readFileSync(file, 'utf8'))) {
      const [id, bytes] = [Buffer.from(keyId, 'hex'), Buffer.from(wrapped, 'hex')];
      keys.set(`${tenant}/${subject}`, { tenant, subject, keyId: id, wrapped: bytes, generation });
    }
  }
  return {
    keys,
    find: async (tenant, subject) => keys.get(`${tenant}/${subject}`),
    findById: async (keyId) => [...keys.values()].find((key) => Buffer.compare(key.keyId, keyId) === 0),
    list: async (tenant) => [...keys.values()].filter((key) => tenant === undefined || key.tenant === tenant),
    countWrap: async () => 1,
    advanceGeneration: async () => 2,
    async rewrap(key, anew) {
      keys.set(`${key.tenant}/${key.subject}`, { ...key, ...anew });
      return true;
    },
    async destroy(keyId, at) {
      destroyed.set(Buffer.from(keyId).toString('hex'), at);
      const found = [...keys].find(([, key]) => Buffer.compare(key.keyId, keyId) === 0);
      return keys.delete(found?.[0] ?? '');
    },
    destroyedSince: async () => [],
    erasedAt: async (keyId) => destroyed.get(Buffer.from(keyId).toString('hex')),
    async createIfAbsent(key) {
      const name = `${key.tenant}/${key.subject}`;
      const kept = keys.get(name) ?? key;
      keys.set(name, kept);
      const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
      const rows = [...keys.values()].map((row) => ({ ...row, keyId: hex(row.keyId), wrapped: hex(row.wrapped) }));
      if (file !== undefined) {
        // Put in place whole: a process that is killed meanwhile leaves the keys as they were.
        writeFileSync(`${file}.new`, JSON.stringify(rows));
        renameSync(`${file}.new`, file);
      }
      return kept;
    },
  };
}

export function requestIdOf(number: number): RequestId {
  return parseRequestId(`019ab2c4-7d00-7a5c-9f1e-${number.toString(16).padStart(12, '0')}`);
}

export function callerOf(principal = 'app', tenant = 'acme'): Caller {
  return {
    tenant: parseTenantId(tenant),
    principal: parsePrincipalId(principal),
    credentialId: 'k1',
    credentialKind: 'apiKey',
  };
}

export function requestOf(requestId: RequestId, text = 'hello'): RequestRecord {
  return {
    ...toRequestRecord({ requestId, time: 1_764_000_000_000, caller: callerOf() }),
    stages: [{ stage: 'detect', decision: 'pass' }],
    original: [{ kind: 'text', origin: 'user', path: '/messages/0/content/0/text', text }],
  };
}

export function releaseOf(requestId: RequestId, sequence: number, text = 'a word'): JournalRecord {
  const events = [{ kind: 'delta', index: 0, text }] as const;
  return { kind: 'release', requestId, time: 1_764_000_000_001, sequence, events };
}

export function responseOf(requestId: RequestId): ResponseRecord {
  const outcome = { status: 'complete', findingCounts: {}, findings: [], bytesSent: 12 } as const;
  return { kind: 'response', requestId, time: 1_764_000_000_002, ...outcome };
}

/** An index of an empty log. */
export const emptyIndex: RecordIndex = {
  position: async () => 0,
  add: async () => true,
  list: async () => [],
  find: async () => [],
  replace: async () => true,
  cut: async () => {},
  forget: async () => {},
  expired: async () => [],
  forgetSegment: async () => {},
};

interface JournalReading {
  readonly directory: string;
  readonly keys: WrappedKeyStore;
  readonly keyRing: KeyRing;
}

/** Reads the records of a journal of which nothing is in a log yet. */
export function openJournalReader({ directory, keys: store, keyRing }: JournalReading) {
  const reading = { store, wrapping: createKeyWrapping(keyRing), toAlias: createTenantAliases(keyRing) };
  const finder = createRecordFinder({
    reader: createLogReader(createMemoryObjects()),
    index: emptyIndex,
    findEntries: (id) => findEntries(localDisk, directory, id),
    openKeys: () => createRecordKeyFinder(reading),
    keys: store,
  });
  return { find: async (id: RequestId) => (await finder.find(id)).map(({ record }) => record) };
}

/** Locks of writers in one process: a writer that was left as a crash leaves it holds none. */
export function createLocks(): WriterLocks & { readonly held: Set<string> } {
  const held = new Set<string>();
  return {
    held,
    hold(writer) {
      held.add(writer);
      return { release: () => void held.delete(writer) };
    },
    isHeld: (writer) => held.has(writer),
  };
}

/** A directory with a key store and a key ring, in which journals are opened one after another. */
export function createPlace(directory = join(temporaryDirectory(), 'journal')) {
  const keys = createKeyStore();
  const keyRing = keyRingOf('a root secret');
  const clock = { now: () => 1_764_000_001_000 };
  return {
    directory,
    keys,
    keyRing,
    open: (given: Partial<JournalOptions> & { disk?: JournalDisk } = {}): Promise<OpenedJournal> => {
      const { disk = leakyDisk, ...limits } = given;
      return openJournalOn(disk, { directory, keys, keyRing, clock, locks: createLocks(), ...limits });
    },
    /** The records as they were given: without what the journal adds to them. */
    async find(requestId: RequestId) {
      const records = await openJournalReader({ directory, keys, keyRing }).find(requestId);
      return records.map((record) => ({ ...record, parent: undefined }));
    },
    entries: () => readEntries(directory),
  };
}

/** An entry to write, the leaf's hash of the sealed record as it should be. */
export type PlannedEntry = Omit<Entry, 'leaf' | 'requestId' | 'keyId'>;

/** The leaf as docs/reference/record-format.md has it, by an encoder other than the product's own. */
function toLeaf({ type, time, tenantAlias, writer, counter, previous, sealed }: PlannedEntry): Uint8Array {
  const number = leafTypes.indexOf(type);
  const commitments = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)];
  return encode([1, number, time, tenantAlias, writer, counter, previous, ...commitments, digestOf(sealed)]);
}

const leafTypes: readonly string[] = [
  'request',
  'release',
  'response',
  'administration',
  'bodyAccess',
  'change',
  'key',
  'erasure',
  'retention',
];

function digestOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** An entry's frame, written without the product's own code. */
export function toEntryFrame(entry: PlannedEntry): Buffer {
  const leaf = toLeaf(entry);
  const hashed = Buffer.concat([Buffer.of(0), leaf]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(leaf.length);
  const payload = Buffer.concat([length, hashed, entry.sealed]);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(payload.length, 0);
  prelude.writeUInt32BE((payload.length ^ 0x454e5452) >>> 0, 4);
  return Buffer.concat([prelude, payload, digestOf(hashed).subarray(0, 8)]);
}

/** Every entry of a journal, its chains checked. */
export async function readEntries(directory: string): Promise<readonly PlacedEntry[]> {
  const entries: PlacedEntry[] = [];
  for (const series of await listSeries(localDisk, directory)) {
    await readSeries({ disk: localDisk, directory, series }, (placed) => entries.push(placed));
  }
  return entries;
}
