export { type JournalOptions, type OpenedJournal, openJournal } from './journal/journal.ts';
export { JournalDamageError, RecordErasedError } from './journal/journal-error.ts';
export { type JournalReaderOptions, openJournalReader } from './journal/journal-reader.ts';
export type { Repair } from './journal/recovery.ts';
export { createLocalLog, type LocalLog, type LogDirectories } from './local-log.ts';
export { printVerifierKey, toVerifierKey } from './log/signed-note.ts';
export { createReceiptSigner, type ReceiptSigner } from './receipt/receipt.ts';
export { createFileSink } from './sinks/file-sink-store.ts';
export { createWebhookSink } from './sinks/webhook-sink-store.ts';
