import type { DocumentFile, DocumentReading } from '../core/index.ts';
import type { ReadingLimits } from './budget.ts';
import type { Refusal } from './refusal.ts';

/** What the worker is asked to read. */
export interface ReadTask {
  readonly file: DocumentFile;
  readonly limits: ReadingLimits;
}

/** What the worker says: once that it is there, then one answer to each task. */
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly reading: DocumentReading }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
