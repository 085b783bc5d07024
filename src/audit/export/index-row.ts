import type { IndexedRecord, JournalRecord, PrincipalId, TenantId } from '../../core/index.ts';
import { foldStages } from './exchange.ts';

/** Where a record stands, and whose it is. */
export interface IndexPlace {
  readonly index: number;
  /** Path of the segment that holds the record. */
  readonly segment: string;
  readonly tenant: string;
  readonly principal: string;
}

/**
 * What the index keeps of a record. INVARIANT: no text of a prompt or an answer, and nothing that was found in one, is
 * ever in it.
 *
 * Tenant and principal are those of the key the record was encrypted under, which nobody could have chosen in a request.
 */
export function toIndexedRecord(record: JournalRecord, place: IndexPlace): IndexedRecord {
  return {
    index: place.index,
    time: record.time,
    type: record.kind,
    requestId: record.requestId,
    tenant: place.tenant as TenantId,
    principal: place.principal as PrincipalId,
    ...toDecided(record),
    segment: place.segment,
  };
}

type Decided = Pick<IndexedRecord, 'model' | 'action' | 'decision' | 'findings'>;

function toDecided(record: JournalRecord): Decided {
  switch (record.kind) {
    case 'request': {
      const { model, action, stages } = record;
      return { model, action, decision: foldStages(stages), findings: toTypes(record.findingCounts) };
    }
    case 'release':
      return { findings: [] };
    case 'response':
      return { decision: record.status, findings: toTypes(record.findingCounts) };
    default:
      return { decision: record.act, findings: [] };
  }
}

function toTypes(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(counts).toSorted();
}
