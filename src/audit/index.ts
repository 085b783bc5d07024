export { type JournalOptions, type OpenedJournal, openJournal } from './journal.ts';
export { JournalDamageError, RecordErasedError } from './journal-error.ts';
export { type JournalReaderOptions, openJournalReader } from './journal-reader.ts';
export type { Repair } from './recovery.ts';
