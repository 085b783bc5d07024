import { join } from 'node:path';
import type { ActRecord, JournalRecord, RecordOwner } from '../../core/index.ts';
import { gatewayOwner } from '../../core/index.ts';
import { localDisk } from '../journal/disk-store.ts';
import {
  callerOf,
  createPlace,
  releaseOf,
  requestIdOf,
  requestOf,
  responseOf,
  temporaryDirectory,
} from '../journal/journal-fixture.suite.ts';
import { createJournalSource } from '../journal/journal-source.ts';
import { createMemoryHeads, createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { createSequencer } from '../log/sequencer.ts';
import { printVerifierKey, toVerifierKey } from '../log/signed-note.ts';
import { createDiskObjectStore } from '../objects/disk-object-store.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { type ExportLogOptions, exportLog } from './export-log.ts';

/** The verifier key of every scene's log. */
export const verifierKey = printVerifierKey(toVerifierKey(signer.name, signer.publicKey));

/** A log on the disk, with the journal that it is made of. */
export async function createScene() {
  const root = temporaryDirectory();
  const place = createPlace(join(root, 'journal'));
  let journal = await place.open({ fileBytes: 1e6 });
  const logDirectory = join(root, 'log');
  const objects = createDiskObjectStore({ directory: logDirectory });
  const checkpoints: string[] = [];
  const sequencer = createSequencer({
    source: createJournalSource({ disk: localDisk, directory: place.directory }),
    heads: createMemoryHeads(),
    staging: createMemoryObjects(),
    sinks: [{ name: 'kept', publish: async (note) => void checkpoints.push(note) }],
    objects,
    signer,
  });
  const wrapping = createKeyWrapping(place.keyRing);
  const findKey = () =>
    createRecordKeyFinder({ store: place.keys, wrapping, toAlias: createTenantAliases(place.keyRing) });

  return {
    ...place,
    objects,
    logDirectory,
    /** All that were published, in order. */
    checkpoints,
    findKey,
    append: (record: JournalRecord, owner: RecordOwner = callerOf()) => journal.append(record, owner),
    async sequence() {
      while ((await sequencer.run()).hasMore);
    },
    /** Leaves the journal as a crash would, and opens it again. */
    async crash() {
      journal = await place.open();
    },
    /** Exports what there is to a directory of its own. */
    async exportTo(given: Partial<ExportLogOptions> = {}) {
      const directory = join(temporaryDirectory(), 'export');
      const exported = await exportLog({
        objects,
        findKey: findKey(),
        directory,
        formats: ['jsonl'],
        context: { environment: 'test', region: 'eu-central-1', body: 'none' },
        filter: {},
        ...given,
      });
      return { directory, exported };
    },
  };
}

export type Scene = Awaited<ReturnType<typeof createScene>>;

/** Appends so many entries: exchanges of two tenants in turn, every third of them with a release, and an act at last. */
export async function fill(scene: Pick<Scene, 'append'>, entries: number): Promise<void> {
  for (let n = 0, left = entries; left > 0; n += 1) {
    const id = requestIdOf(n);
    const owner = n % 2 === 0 ? callerOf() : callerOf('app', 'other');
    const parts = [requestOf(id, `text ${n}`), ...(n % 3 === 0 ? [releaseOf(id, 0)] : []), responseOf(id)];
    for (const record of parts.slice(0, left - 1)) await scene.append(record, owner);
    if (left <= parts.length) await scene.append(actOf({ requestId: requestIdOf(1_000_000 + n) }), gatewayOwner);
    left -= Math.min(left, parts.length);
  }
}

export function actOf(given: Partial<ActRecord> = {}): ActRecord {
  const base = { kind: 'change', requestId: requestIdOf(9_999), time: 5, operator: 'olga', act: 'test' } as const;
  return { ...base, details: {}, ...given };
}
