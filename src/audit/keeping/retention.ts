import type { Clock, HoldStore, RecordIndex } from '../../core/index.ts';
import type { ObjectStore } from '../log/contracts.ts';
import type { RecordAct } from './erasure.ts';

/** How long a tenant's records are kept. */
export interface RetentionPeriod {
  readonly tenant: string;
  readonly days: number;
}

interface RetentionOptions {
  readonly objects: ObjectStore;
  readonly index: RecordIndex;
  readonly holds: HoldStore;
  readonly clock: Clock;
  readonly recordAct: RecordAct;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Segments that one act names: what is removed is disclosed in it. */
const AT_ONCE = 500;

/**
 * Removes the segments of tenants whose records are all older than they are to be kept, and that hold nothing under a
 * legal hold. The leaves stay, so that the log still verifies. Gives how many segments were removed.
 */
export async function retain(periods: readonly RetentionPeriod[], options: RetentionOptions): Promise<number> {
  const { objects, index, holds, clock, recordAct } = options;
  const held = await holds.list();
  let removed = 0;
  for (const { tenant, days } of periods) {
    const own = held.filter((hold) => hold.tenant === tenant);
    if (own.some(({ subject }) => subject === undefined)) continue;
    const subjects = own.flatMap(({ subject = '' }) => subject);
    const expired = await index.expired(tenant, clock.now() - days * DAY_MS, subjects);
    for (let at = 0; at < expired.length; at += AT_ONCE) {
      const segments = expired.slice(at, at + AT_ONCE);
      const details = { tenant, days, segments: segments.length };
      const act = { kind: 'retention', operator: 'gateway', act: 'remove by schedule', details } as const;
      // Recorded first, as an erasure is.
      await recordAct({ ...act, disclosed: { removedSegments: segments } });
      for (const segment of segments) {
        await objects.remove(segment);
        await index.forgetSegment(segment);
      }
      removed += segments.length;
    }
  }
  return removed;
}
