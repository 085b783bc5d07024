import type { ActRecord, Clock, HoldStore, LegalHold, RecordIndex, WrappedKeyStore } from '../../core/index.ts';

/** Whose records: all of a tenant, or one erasure subject's. */
export interface Subject {
  readonly tenant: string;
  readonly subject?: string;
}

/** Who does something that is recorded, and why. */
export interface Acting {
  readonly operator: string;
  readonly reason: string;
  readonly approver?: string;
}

export type RecordAct = (act: Omit<ActRecord, 'requestId' | 'time'>) => Promise<void>;

/** A legal hold stands against it. */
export class HeldError extends Error {
  override readonly name = 'HeldError';

  constructor({ tenant, subject, since }: LegalHold) {
    const whose = subject === undefined ? `all of ${tenant}` : `${tenant}/${subject}`;
    super(`a legal hold is on ${whose} since ${new Date(since).toISOString()}`);
  }
}

interface ErasureOptions {
  readonly keys: WrappedKeyStore;
  readonly holds: HoldStore;
  readonly index: RecordIndex;
  readonly clock: Clock;
  readonly recordAct: RecordAct;
}

/** What an erasure came to. */
export interface Erased {
  /** Keys that were destroyed, hexadecimal. */
  readonly keys: readonly string[];
}

/**
 * Erases what was recorded of a subject or tenant: its record keys are destroyed, and with them all that was encrypted
 * under them. The log still verifies, and says that it was done.
 *
 * Complete once no copy of the keys is left: in backups of the state, and, for a second, in gateways that are running.
 * Rejects with a `HeldError` where a legal hold stands against it.
 */
export async function erase({ tenant, subject }: Subject, acting: Acting, options: ErasureOptions): Promise<Erased> {
  const { keys, holds, index, clock, recordAct } = options;
  const found = (await keys.list(tenant)).filter((key) => subject === undefined || key.subject === subject);
  const held = (await holds.list()).find((hold) =>
    isAgainst(hold, { tenant, ...(subject === undefined ? {} : { subject }) }),
  );
  if (held !== undefined) throw new HeldError(held);
  const erasedKeys = found.map(({ keyId }) => Buffer.from(keyId).toString('hex'));
  if (erasedKeys.length === 0) {
    // An earlier erasure may have ended before this.
    await index.forget(tenant, subject);
    return { keys: [] };
  }
  const details = { tenant, ...(subject === undefined ? {} : { subject }), keys: erasedKeys };
  // Recorded first: a key that is gone without a record of it is damage, one that is recorded and still there is none.
  await recordAct({ kind: 'erasure', act: 'erase', ...acting, details, disclosed: { erasedKeys } });
  for (const { keyId } of found) await keys.destroy(keyId, clock.now());
  await index.forget(tenant, subject);
  return { keys: erasedKeys };
}

/** Whether a hold keeps something of what is to be erased. */
function isAgainst(hold: LegalHold, { tenant, subject }: Subject): boolean {
  return hold.tenant === tenant && (hold.subject === undefined || subject === undefined || hold.subject === subject);
}
