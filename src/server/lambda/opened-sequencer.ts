import {
  createRecordLog,
  type KmsWrapping,
  type RecordLog,
  type SharedBacklog,
  type TablePlace,
} from '../../audit/index.ts';
import type { KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { beginFips } from '../fips.ts';
import { openKeyRing, readKeyRingSource } from '../key-ring.ts';
import { readKmsWrapping } from '../kms-keys.ts';
import { openSetupState } from '../opened-state.ts';
import { openJournalAt, openSharedBacklog } from '../record-place.ts';
import { toLongestExchange } from '../sequencing/open-record.ts';
import { createRetention, RETENTION_MS, readDue } from '../sequencing/retention.ts';
import { createSink, toSinkSettings } from '../sequencing/sinks.ts';
import type { Setup } from '../setup.ts';
import { systemClock } from '../system-clock.ts';

/** What a function works with that takes the journal into the log. */
export interface OpenedSequencer {
  readonly log: RecordLog;
  /** Tells the gateways how far the log is behind. */
  readonly shared: SharedBacklog;
  /** Removes what is past its time, where that is due; gives how many segments. */
  removeExpired(): Promise<number>;
}

export interface SequencerOpening extends Pick<Setup, 'config' | 'directory'> {
  readonly place: TablePlace;
}

/** Rejects with a `StartError` where the state cannot be opened. */
export async function openSequencer(opening: SequencerOpening): Promise<OpenedSequencer> {
  const { config, directory, place } = opening;
  beginFips(config);
  const keyRing = await openKeyRing(await readKeyRingSource(config, directory));
  const kms = await readKmsWrapping(config);
  const state = await openSetupState({ config, directory, keyRing });
  const { origin, witnesses, requiredWitnesses } = config.audit;
  const settings = await Promise.all(config.audit.sinks.map((sink) => toSinkSettings(sink, config)));
  const log = createRecordLog({
    place,
    keyRing,
    keys: state.wrappedKeys,
    kms,
    heads: state.heads,
    index: state.index,
    origin,
    witnesses,
    requiredWitnesses,
    sinks: settings.map(createSink),
    clock: systemClock,
    longestExchangeMs: toLongestExchange(config),
  });
  return {
    log,
    shared: openSharedBacklog(place, state),
    removeExpired: createHourlyRetention({ ...opening, keyRing, kms, state }),
  };
}

interface RetentionParts extends SequencerOpening {
  readonly keyRing: KeyRing;
  readonly kms: KmsWrapping | undefined;
  readonly state: State;
}

function createHourlyRetention({
  config,
  directory,
  place,
  keyRing,
  kms,
  state,
}: RetentionParts): () => Promise<number> {
  return async () => {
    // Before anything is asked of the state: most configurations keep what they have.
    if (config.tenants.every(({ retentionDays }) => retentionDays === undefined)) return 0;
    const due = await readDue(state, 'retention', RETENTION_MS);
    // Noted before it is done: of two at once one does it, and what a bucket keeps is not asked for at every run.
    if (due === undefined || !(await due.note())) return 0;
    const own = { keyRing, kms, keys: state.wrappedKeys, clock: systemClock };
    const journal = await openJournalAt(place, own, directory);
    try {
      return (await createRetention({ config, place, state, journal })?.()) ?? 0;
    } finally {
      await journal.close();
    }
  };
}
