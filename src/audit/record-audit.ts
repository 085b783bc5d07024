import type { KeyRing, RecordIndex, WrappedKeyStore } from '../core/index.ts';
import { type Rekeyed, rekey } from './keeping/rekey.ts';
import type { ObjectStore } from './log/contracts.ts';
import { createIndexer, type Indexed } from './log/indexer.ts';
import { createLocalSigner } from './log/local-signer.ts';
import { LogDamageError } from './log/log-damage.ts';
import { createLogReader } from './log/log-reader.ts';
import { parseVerifierKey, printVerifierKey, toVerifierKey, type VerifierKey } from './log/signed-note.ts';
import { createLogProver, type LogProver } from './read/log-prover.ts';
import { type CheckedReceipt, checkReceipt } from './read/receipt-check.ts';
import { createRecordFinder, type RecordFinder } from './read/record-finder.ts';
import { createKeyWrapping, type KmsWrapping } from './record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from './record/record-keys.ts';
import { createJournalReaderAt, createObjectsAt, type RecordPlace } from './record-place.ts';
import { type VerifiedJournal, verifyJournal } from './verify/verify-journal.ts';
import { type VerifiedLog, type VerifyLogOptions, verifyLog } from './verify/verify-log.ts';

const PAGE = 100;

export interface VerifyAuditOptions extends Pick<VerifyLogOptions, 'kept' | 'onProgress' | 'reading'> {
  readonly place: RecordPlace;
  /** Verifier keys of signed notes, as they are printed. */
  readonly verifierKeys: readonly string[];
  /** Those of witnesses. */
  readonly witnessKeys?: readonly string[];
}

/** A verified record: what was found in the log, and in the journal that goes on behind it. */
export interface VerifiedAudit extends VerifiedLog {
  readonly unsequenced: VerifiedJournal['unsequenced'];
}

/**
 * Verifies a log, wherever it is, and the journal that goes on behind it. Reads only; needs no key but those
 * the checkpoints are signed with.
 */
export async function verifyAudit(options: VerifyAuditOptions): Promise<VerifiedAudit> {
  const { place, verifierKeys, witnessKeys = [], ...rest } = options;
  const journal = await createJournalReaderAt(place).scan();
  const objects = createObjectsAt(place);
  const log = await verifyLog({
    ...rest,
    objects,
    keys: verifierKeys.map(parseVerifierKey),
    witnesses: witnessKeys.map(parseVerifierKey),
  });
  const { faults, unsequenced } = verifyJournal(journal, log.writers);
  return { ...log, faults: [...log.faults, ...faults], faultCount: log.faultCount + faults.length, unsequenced };
}

interface RecordAuditOptions {
  readonly place: RecordPlace;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
  /** Keys of KMS that they are wrapped under; under the key ring unless told. */
  readonly kms?: KmsWrapping | undefined;
  readonly index: RecordIndex;
  readonly origin: string;
}

/** The record of a gateway, read by who holds its keys; beside the gateway or without it. */
export interface RecordAudit extends RecordFinder, LogProver {
  readonly index: RecordIndex;
  /** What the log consists of. */
  readonly objects: ObjectStore;
  /** Of the key that checkpoints are signed with. */
  readonly verifierKey: string;
  /** What a verification with keys takes. */
  reading(): NonNullable<VerifyLogOptions['reading']>;
  /** Makes the index anew from the log; what it has stays until there is something to put in its place. */
  renewIndex(): Promise<Indexed>;
  /** Wraps every record key anew, under another wrapping key. */
  rekey(): Promise<Rekeyed>;
  /**
   * What became of a receipt's promise, at `now` (epoch milliseconds); brings the index up to the log for it. Throws for
   * what is no receipt, and a `LogDamageError` where the key that signed it may be in a record that does not open.
   */
  checkReceipt(text: string, now: number): Promise<CheckedReceipt>;
}

export function createRecordAudit(options: RecordAuditOptions): RecordAudit {
  const { place, keyRing, keys, kms, index, origin } = options;
  const naming = { store: keys, wrapping: createKeyWrapping(keyRing, kms), toAlias: createTenantAliases(keyRing) };
  const openKeys = () => createRecordKeyFinder(naming);
  const objects = createObjectsAt(place);
  const reader = createLogReader(objects);
  const signer = createLocalSigner(keyRing, origin);
  const verifierKey: VerifierKey = toVerifierKey(signer.name, signer.publicKey);
  const finder = createRecordFinder({
    reader,
    index,
    findEntries: createJournalReaderAt(place).findEntries,
    openKeys,
    keys,
  });

  const indexer = createIndexer({ reader, index, openKeys });

  /** The keys of receipts that the log certifies, one of each run of a gateway, and why one of them cannot be read. */
  async function receiptKeys(): Promise<{ readonly keys: readonly Uint8Array[]; readonly damage?: LogDamageError }> {
    const keys: Uint8Array[] = [];
    let { damage } = await indexer.run();
    for (let below: number | undefined; ; ) {
      const page = await index.list({ type: 'key', limit: PAGE, ...(below === undefined ? {} : { below }) });
      for (const { index: place } of page) {
        try {
          const record = (await finder.at(place))?.record;
          const key = record?.kind === 'key' ? record.disclosed?.receiptKey : undefined;
          if (key !== undefined) keys.push(parseVerifierKey(key).publicKey);
        } catch (error) {
          if (!(error instanceof LogDamageError)) throw error;
          damage ??= error;
        }
      }
      below = page.at(-1)?.index;
      if (page.length < PAGE) return { keys, ...(damage === undefined ? {} : { damage }) };
    }
  }

  return {
    ...createLogProver({ objects, key: verifierKey }),
    ...finder,
    index,
    objects,
    verifierKey: printVerifierKey(verifierKey),
    reading: () => ({ findKey: openKeys() }),
    renewIndex: () => indexer.renew(),
    rekey: () => rekey({ keys, wrapping: naming.wrapping }),
    async checkReceipt(text, now) {
      const { keys, damage } = await receiptKeys();
      const size = (await reader.checkpoint())?.size ?? 0;
      const checked = await checkReceipt(text, { objects, origin, size, keys, now });
      if (checked.kind === 'foreign' && checked.receipt.origin === origin && damage !== undefined) throw damage;
      return checked;
    },
  };
}
