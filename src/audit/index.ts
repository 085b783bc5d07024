export { type JournalOptions, type OpenedJournal, openJournal, type WriterLocks } from './journal/journal.ts';
export { JournalDamageError, RecordErasedError, RecordKeyLostError } from './journal/journal-error.ts';
export type { Repair } from './journal/recovery.ts';
export { ExportError, type ExportedLog, type ExportLogOptions, exportFormats, exportLog } from './export/export-log.ts';
export { toMaskedEvents, toMaskedParts } from './export/masked-parts.ts';
export { createRecordAudit, type RecordAudit, type VerifiedAudit, verifyAudit } from './record-audit.ts';
export { type Acting, type Erased, erase, HeldError, type Subject } from './keeping/erasure.ts';
export { type RetentionPeriod, retain } from './keeping/retention.ts';
export {
  createRecordLog,
  type RecordLog,
  type RecordLogOptions,
  readOwnCheckpoint,
  restoreLogHead,
} from './record-log.ts';
export { LogDamageError } from './log/log-damage.ts';
export { HeadNotRestoredError, type RestoredHead } from './log/restore-head.ts';
export { parseVerifierKey, printVerifierKey, toVerifierKey, type VerifierKey } from './log/signed-note.ts';
export { ApprovalError, checkApproval, createApprover, isSamePerson } from './approval/approval.ts';
export { KeyNotUnwrappedError, type KmsWrapping } from './record/key-wrapping.ts';
export { createDirectoryLogSource, createS3LogSource, type Reconciled, reconcile } from './reconcile/reconcile.ts';
export { createReceiptSigner, type ReceiptSigner } from './receipt/receipt.ts';
export { createS3Sink } from './sinks/s3-sink-store.ts';
export { createFileSink, readFileSink } from './sinks/file-sink-store.ts';
export { createWebhookSink } from './sinks/webhook-sink-store.ts';
export type { FoundRecord } from './read/record-finder.ts';
export { headerOf } from './record/record-parts.ts';
export type { KeptCheckpoint } from './verify/kept-checkpoints.ts';
export { InconsistentLogError } from './read/log-prover.ts';
export { BucketError } from './objects/bucket-error.ts';
export { createObjectsAt, type LogDirectories, openTableJournalAt, type RecordPlace } from './record-place.ts';
export { journalTable } from './dynamodb/journal-table.ts';
export { createS3PlaceStore, type S3Place } from './objects/s3-place-store.ts';
