import type { JsonDocument, PartList } from '../core/index.ts';

/** A request being read: the JSON it stands in, and the parts found so far. */
export interface Reader {
  readonly document: JsonDocument;
  readonly parts: PartList;
}
