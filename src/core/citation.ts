/** Where in its source a citation stands. Ends are exclusive; offsets of characters are UTF-16 units. */
export type CitationLocation =
  | { readonly kind: 'characters'; readonly document: number; readonly start: number; readonly end: number }
  | { readonly kind: 'pages'; readonly document: number; readonly start: number; readonly end: number }
  | { readonly kind: 'chunks'; readonly document: number; readonly start: number; readonly end: number };

/** What a piece of an answer rests on. `document` counts the request's documents from 0. */
export interface Citation {
  readonly title?: string;
  readonly source?: string;
  /** The passages themselves. */
  readonly quotes: readonly string[];
  readonly location?: CitationLocation;
}
