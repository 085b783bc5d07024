import type { Disclosure } from '../../core/index.ts';
import { lastUpTo } from '../log/ascending.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { parseSegment, parseSegmentPath, type SegmentRecord } from '../log/segment.ts';
import { type Leaf, sha256 } from '../record/leaf.ts';
import { openSealed } from '../record/record-cipher.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { parseDisclosure, parseSealed } from '../record/sealed-record.ts';
import type { FaultList } from './findings.ts';
import type { Inventory, ListedSegment } from './inventory.ts';

/** What decrypting takes. */
export interface RecordReading {
  readonly findKey: RecordKeyFinder;
}

export interface CheckedLeaf {
  readonly index: number;
  readonly leaf: Leaf;
  readonly bytes: Uint8Array;
}

/** Holds every record against its leaf, and every segment's records against the log. */
export interface RecordCheck {
  /** Takes the leaves in order. */
  check(leaf: CheckedLeaf): Promise<void>;
  /** All leaves have been taken: what is missing must be accounted for by now. */
  end(): Promise<{ readonly erased: number; readonly removed: number }>;
}

interface RecordCheckOptions {
  readonly objects: ObjectStore;
  readonly inventory: Inventory;
  readonly faults: FaultList;
  readonly reading: RecordReading | undefined;
}

/** A tenant's segments, and how far they have been read. */
interface Reading {
  readonly segments: readonly ListedSegment[];
  next: number;
  path: string;
  records: readonly SegmentRecord[];
  /** Of `records`, the next to be taken. */
  at: number;
}

interface Missing {
  readonly index: number;
  readonly tenantAlias: string;
}

export function createRecordCheck({ objects, inventory, faults, reading }: RecordCheckOptions): RecordCheck {
  const readings = new Map<string, Reading>();
  const missing: Missing[] = [];
  const withoutKey = new Map<string, { readonly first: number; count: number }>();
  const removedSegments = new Set<string>();
  const erasedKeys = new Set<string>();

  function readingOf(tenantAlias: string): Reading {
    const known = readings.get(tenantAlias);
    if (known !== undefined) return known;
    const made = { segments: inventory.segments.get(tenantAlias) ?? [], next: 0, path: '', records: [], at: 0 };
    readings.set(tenantAlias, made);
    return made;
  }

  /** Goes on to the segment that `index` must be in, if it is in any. */
  async function goTo(own: Reading, index: number): Promise<void> {
    for (let next = own.segments[own.next]; next !== undefined && next.first <= index; next = own.segments[own.next]) {
      leave(own);
      own.next += 1;
      own.path = next.path;
      own.at = 0;
      own.records = await readSegment(next.path, index);
    }
  }

  async function readSegment(path: string, index: number): Promise<readonly SegmentRecord[]> {
    const bytes = await objects.read(path);
    try {
      if (bytes !== undefined) return parseSegment(bytes);
      faults.add({ index, path, message: 'it is gone since it was listed' });
    } catch {
      faults.add({ index, path, message: 'it is not a segment' });
    }
    return [];
  }

  /** A segment holds what the log has of its tenant, and nothing besides. */
  function leave({ records, at, path }: Reading): void {
    const rest = records[at];
    if (rest !== undefined) faults.add({ index: rest.index, path, message: 'it holds a record that no leaf is of' });
  }

  function noteDisclosure({ erasedKeys: keys = [], removedSegments: paths = [] }: Disclosure): void {
    for (const key of keys) erasedKeys.add(key);
    for (const path of paths) removedSegments.add(path);
  }

  async function open({ index, leaf, bytes }: CheckedLeaf, sealed: Uint8Array, path: string): Promise<void> {
    const keyId = attempt(() => {
      const { keyId, disclosed } = parseSealed(sealed);
      if (disclosed !== undefined) noteDisclosure(parseDisclosure(disclosed));
      return keyId;
    });
    if (keyId === undefined) return faults.add({ index, path, message: 'it holds what is no record' });
    if (reading === undefined) return;
    const key = await reading.findKey(keyId);
    if (key === undefined) {
      const name = Buffer.from(keyId).toString('hex');
      const known = withoutKey.get(name) ?? { first: index, count: 0 };
      withoutKey.set(name, known);
      known.count += 1;
      return;
    }
    const isOfTenant = Buffer.compare(key.tenantAlias, leaf.tenantAlias) === 0;
    const opened = isOfTenant ? attempt(() => openSealed(sealed, bytes, key)) : undefined;
    if (opened === undefined) faults.add({ index, path, message: 'its record does not open in its place' });
  }

  return {
    async check(checked) {
      const { index, leaf } = checked;
      const tenantAlias = Buffer.from(leaf.tenantAlias).toString('hex');
      const own = readingOf(tenantAlias);
      await goTo(own, index);
      for (; (own.records[own.at]?.index ?? index) < index; own.at += 1) leave(own);
      const record = own.records[own.at];
      if (record?.index !== index) {
        missing.push({ index, tenantAlias });
        return;
      }
      own.at += 1;
      if (Buffer.compare(sha256(record.sealed), leaf.sealedHash) !== 0) {
        faults.add({ index, path: own.path, message: 'its record is not the one its leaf commits to' });
        return;
      }
      await open(checked, record.sealed, own.path);
    },

    async end() {
      for (const own of readings.values()) leave(own);
      for (const [tenantAlias, segments] of inventory.segments) {
        const unread = segments.slice(readings.get(tenantAlias)?.next ?? 0);
        for (const { path, first } of unread) faults.add({ index: first, path, message: 'no leaf is of its records' });
      }
      const removals = toRemovals(removedSegments);
      const firsts = new Map([...inventory.segments].map(([alias, own]) => [alias, own.map(({ first }) => first)]));
      let removed = 0;
      for (const { index, tenantAlias } of missing) {
        const ofTenant = { removed: removals.get(tenantAlias) ?? [], kept: firsts.get(tenantAlias) ?? [] };
        if (isRemoved(index, ofTenant)) removed += 1;
        else faults.add({ index, message: 'its record is missing, and no record of retention says why' });
      }
      let erased = 0;
      for (const [key, { first, count }] of withoutKey) {
        if (erasedKeys.has(key)) erased += count;
        else faults.add({ index: first, message: 'its key is missing, and no record of an erasure says why' });
      }
      return { erased, removed };
    },
  };
}

/** What `read` gives; undefined where it throws, as for what was not written by us. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Where the segments of each tenant began that were removed, ascending, by the tenant's alias. */
function toRemovals(paths: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const removals = new Map<string, number[]>();
  for (const path of paths) {
    const name = parseSegmentPath(path);
    if (name === undefined) continue;
    const own = removals.get(name.tenantAlias) ?? [];
    removals.set(name.tenantAlias, own);
    own.push(name.first);
  }
  for (const own of removals.values()) own.sort((one, other) => one - other);
  return removals;
}

/** Whether the last segment that began up to `index` is one of those that were removed. */
function isRemoved(
  index: number,
  { removed, kept }: { readonly removed: readonly number[]; readonly kept: readonly number[] },
): boolean {
  const last = lastUpTo(removed, index);
  return last !== undefined && last > (lastUpTo(kept, index) ?? -1);
}
