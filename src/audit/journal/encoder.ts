import type { JournalRecord, RequestId } from '../../core/index.ts';
import { SALT_BYTES } from '../record/record-content.ts';
import type { RecordKey } from '../record/record-keys.ts';
import { sealEntry } from './entry.ts';
import type { FramedEntry } from './file-series.ts';
import { START_OF_CHAIN } from './journal-file.ts';

/** Encrypts and frames a record as the writer's next entry. Order of calls is order in the journal. */
export type Encoder = (record: JournalRecord, key: RecordKey, parent?: Uint8Array) => FramedEntry;

interface EncoderOptions {
  readonly writer: Uint8Array;
  readonly takeSalts: () => Uint8Array;
  /** Leaf hashes of requests whose exchange is open; of this writer alone, or shared by all that a process has. */
  readonly requests?: Map<RequestId, Uint8Array>;
}

export function createEncoder({ writer, takeSalts, requests = new Map() }: EncoderOptions): Encoder {
  let { counter, previous } = START_OF_CHAIN;
  return (record, key, parent = requests.get(record.requestId)) => {
    const { kind: type, requestId, time } = record;
    const isPart = type === 'release' || type === 'response';
    const linked = isPart && parent !== undefined ? { ...record, parent: Buffer.from(parent).toString('hex') } : record;
    const place = { writer, counter, previous };
    const { frame, leafHash } = sealEntry(linked, { key, place, salts: takeSalts() });
    counter += 1;
    previous = leafHash;
    if (type === 'request') requests.set(requestId, leafHash);
    if (type === 'response') requests.delete(requestId);
    return { type, requestId, time, keyId: key.keyId, counter: place.counter, frame, leafHash };
  };
}

const SALT_POOL = 128;

/** Salts from a pool: asked for one by one, random bytes would cost more than a small record's encryption. */
export function createSalts(random: (length: number) => Uint8Array): () => Uint8Array {
  let pool: Uint8Array = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = random(SALT_POOL * SALT_BYTES);
      at = 0;
    }
    at += SALT_BYTES;
    return pool.subarray(at - SALT_BYTES, at);
  };
}
