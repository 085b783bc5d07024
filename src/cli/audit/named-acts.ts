import {
  BucketError,
  KeyNotUnwrappedError,
  LogDamageError,
  type RecordAudit,
  RecordErasedError,
  RecordKeyLostError,
} from '../../audit/index.ts';
import type { IndexedRecord } from '../../core/index.ts';

/** What a list says of an act, beside what the index has of every record. */
export interface NamedAct {
  readonly operator?: string;
  /** The id of the exchange or act that it was about. */
  readonly request?: string;
  /** Why there is no operator. */
  readonly missing?: 'erased' | 'unreadable';
}

const UNREADABLE: NamedAct = { missing: 'unreadable' };
const EXCHANGE = new Set(['request', 'release', 'response']);

/** Who did the acts of a list, by place in the log. The index names nobody, so that each is opened for it. */
export async function readActs(
  audit: Pick<RecordAudit, 'at'>,
  records: readonly IndexedRecord[],
): Promise<ReadonlyMap<number, NamedAct>> {
  const acts = new Map<number, NamedAct>();
  let isReadable = true;
  for (const { index, type } of records) {
    if (EXCHANGE.has(type)) continue;
    const act: NamedAct | undefined = isReadable ? await readAct(audit, index) : undefined;
    // A list is of what the index has, also while the log is out of reach; each further entry would wait for it anew.
    isReadable &&= act !== undefined;
    acts.set(index, act ?? UNREADABLE);
  }
  return acts;
}

/** Undefined where others cannot be read either: the bucket or KMS does not answer. */
async function readAct(audit: Pick<RecordAudit, 'at'>, index: number): Promise<NamedAct | undefined> {
  try {
    const record = (await audit.at(index))?.record;
    if (record === undefined || !('act' in record)) return UNREADABLE;
    const { request } = record.details;
    return { operator: record.operator, ...(typeof request === 'string' ? { request } : {}) };
  } catch (error) {
    if (error instanceof RecordErasedError) return { missing: 'erased' };
    if (error instanceof RecordKeyLostError || error instanceof LogDamageError) return UNREADABLE;
    if (error instanceof BucketError || error instanceof KeyNotUnwrappedError) return undefined;
    throw error;
  }
}
