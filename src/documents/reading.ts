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
