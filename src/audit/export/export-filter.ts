import type { RecordOwner, RecordQuery } from '../../core/index.ts';
import { toIndexedRecord } from './index-row.ts';
import type { OpenedEntry } from './opened-entry.ts';

/** What to export. All that are given must hold. */
export type ExportFilter = Omit<RecordQuery, 'type' | 'below' | 'limit'>;

/** Whether a filter takes anything of this owner. */
export function takesOwner({ tenant, principal }: ExportFilter, owner: RecordOwner): boolean {
  return (tenant ?? owner.tenant) === owner.tenant && (principal ?? owner.principal) === owner.principal;
}

/**
 * Whether a filter takes an exchange, or an act, of these entries. Its time is that of the first; outcome, model and
 * findings are those of any.
 */
export function takes(filter: ExportFilter, entries: readonly OpenedEntry[]): boolean {
  const { model, decision, finding, from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter;
  const rows = entries.map(({ record, index, owner }) => toIndexedRecord(record, { index, segment: '', ...owner }));
  const time = (rows.find(({ type }) => type === 'request') ?? rows[0])?.time ?? Number.NaN;
  return (
    time >= from &&
    time < until &&
    (model === undefined || rows.some((row) => row.model === model)) &&
    (decision === undefined || rows.some((row) => row.decision === decision)) &&
    (finding === undefined || rows.some((row) => row.findings.includes(finding)))
  );
}
