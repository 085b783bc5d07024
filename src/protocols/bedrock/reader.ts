import type { JsonDocument, PartList } from '../../core/index.ts';

/** A body on its way into the inner form: its raw text, and the parts found so far. */
export interface Reader {
  readonly document: JsonDocument;
  readonly parts: PartList;
}
