import type { DocumentFormat } from './conversation.ts';

/** A file whose text is to be taken out. */
export interface DocumentFile {
  readonly format: Exclude<DocumentFormat, 'txt' | 'md' | 'csv'>;
  readonly bytes: Uint8Array;
}

/** What was read out of a document. */
export interface DocumentReading {
  /** Its text: pages, sheets, headers, comments, and last what no reader shows. None is empty. */
  readonly pieces: readonly string[];
  /**
   * Whether the file holds more than `pieces` tell: pictures, glyphs that no character is given for, what was overwritten
   * by a later revision. Nobody has looked at that; the pieces alone are whole.
   */
  readonly hasUninspected: boolean;
}

/** Takes the text out of documents, in bounded time and memory whatever they hold. */
export interface DocumentReader extends AsyncDisposable {
  /**
   * The text of a document. Throws `uninspectable` with the reason where it cannot be read whole, `tooManyRequests` where
   * too many wait, `inspectionFailed` where it cannot be read now, or the signal's reason.
   */
  read(file: DocumentFile, signal: AbortSignal): Promise<DocumentReading>;
}
