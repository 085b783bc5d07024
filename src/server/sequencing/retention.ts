import { randomBytes } from 'node:crypto';
import { createObjectsAt, type RecordPlace, retain } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import { createRequestId, gatewayOwner, type Journal } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { systemClock } from '../system-clock.ts';

export interface RetentionOptions {
  readonly config: Pick<Config, 'tenants'>;
  readonly place: RecordPlace;
  readonly state: Pick<State, 'index' | 'holds' | 'marks'>;
  readonly journal: Pick<Journal, 'append'>;
}

/** How often records past their time are removed. */
export const RETENTION_MS = 60 * 60 * 1_000;

/** Removes the records that are past their time; gives how many segments. Undefined where no tenant has one. */
export function createRetention(options: RetentionOptions): (() => Promise<number>) | undefined {
  const { config, place, state, journal } = options;
  const periods = config.tenants.flatMap(({ name: tenant, retentionDays: days }) =>
    days === undefined ? [] : [{ tenant, days }],
  );
  if (periods.length === 0) return undefined;
  const { index, holds } = state;
  const objects = createObjectsAt(place);
  const recordAct: Parameters<typeof retain>[1]['recordAct'] = async (act) => {
    const time = systemClock.now();
    await journal.append({ ...act, requestId: createRequestId(time, randomBytes(10)), time }, gatewayOwner);
  };
  return () => retain(periods, { objects, index, holds, clock: systemClock, recordAct });
}

/**
 * Whether something is due that is done once in `periodMs`, by whichever process comes first. Whoever is told so calls
 * `note`, before it is done or behind it: it gives whether nobody else has.
 */
export async function readDue({ marks }: Pick<State, 'marks'>, name: string, periodMs: number) {
  const mark = marks(name);
  const last = await mark.read();
  const passed = systemClock.now() - Number(last === undefined ? 0 : Buffer.from(last).toString());
  if (passed >= 0 && passed < periodMs) return undefined;
  return { note: () => mark.replace(last, Buffer.from(String(systemClock.now()))) };
}
