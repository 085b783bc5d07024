import type { DocumentFormat } from './conversation.ts';

/** What was taken out of a file. */
export interface DocumentText {
  /** In reading order: pages, sheets, and what stands beside them. */
  readonly texts: readonly string[];
  /** Whether it holds pictures or the like, which no text tells of. */
  readonly hasUninspected: boolean;
}

/**
 * Takes the text out of files. Bounded in time and memory, whatever the file. Rejects with `uninspectable` for what it
 * cannot read whole, and with `inspectionFailed` where it has no time for it.
 */
export interface DocumentReader {
  read(
    document: { readonly format: DocumentFormat; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<DocumentText>;
  close(): Promise<void>;
}
