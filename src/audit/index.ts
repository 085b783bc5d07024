export { type JournalOptions, type OpenedJournal, openJournal } from './journal/journal.ts';
export { JournalDamageError, RecordErasedError } from './journal/journal-error.ts';
export { type JournalReaderOptions, openJournalReader } from './journal/journal-reader.ts';
export type { Repair } from './journal/recovery.ts';
