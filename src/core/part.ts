import type { Qualifier } from './assessing.ts';
import type { Brand } from './brand.ts';
import type { Edit } from './edits.ts';

/**
 * How a part's text is to be read and edited.
 *
 * - `text`: plain text; a rewrite may put anything in its place.
 * - `json`: raw JSON text; its strings are inspected decoded and edited by splicing, so that it stays the JSON it was.
 * - `identifier`: bounded by a pattern of the protocol; inspected, but never rewritten. What would be masked blocks.
 * - `sealed`: the model's own words, out of a token that this gateway sealed, on their way back to that very model.
 *   Inspected and recorded, never rewritten: a signature covers them. What would be masked passes, what blocks blocks.
 */
export type PartKind = 'text' | 'json' | 'identifier' | 'sealed';

/** Who stands behind a part. `system` is the application's own word; the rest can carry a third party's. */
export type PartOrigin =
  | 'system'
  | 'user'
  | 'assistant'
  | 'toolDefinition'
  | 'toolCall'
  | 'toolResult'
  | 'document'
  | 'parameter'
  | 'metadata';

/** One piece of text of a request. Every string a caller sends is either a part, or bounded by an enum or a number. */
export interface Part {
  readonly kind: PartKind;
  readonly origin: PartOrigin;
  /** JSON Pointer (RFC 6901) into the wire body. */
  readonly path: string;
  readonly text: string;
  /** What the caller marked it as, for guardrails. */
  readonly qualifiers?: readonly Qualifier[];
  /** Set where all of it was replaced on account of what was found in it. */
  readonly isQuarantined?: true;
  /** Set by a rewrite: where `text` differs from what the caller sent, ascending, in UTF-16 units of that. */
  readonly edits?: readonly Edit[];
}

/** A part's position in `Exchange.parts`: what the request's structure holds in the place of text. */
export type PartIndex = Brand<number, 'PartIndex'>;

/** Gathers the parts of a request in reading order. */
export interface PartList {
  add(part: Part): PartIndex;
  readonly parts: readonly Part[];
}

export function createPartList(): PartList {
  const parts: Part[] = [];
  return {
    parts,
    add(part) {
      parts.push(part);
      return (parts.length - 1) as PartIndex;
    },
  };
}
