import type { Edit, Span } from '../../core/index.ts';

/** A text in the place of another one's units from `start` to `end`. */
interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A part's text: as it came, as the stages left it, and what was found in it as it came. */
export interface InspectedText {
  readonly original: string;
  readonly rewritten: string;
  readonly edits: readonly Edit[];
  readonly findings: readonly Pick<Span, 'start' | 'end' | 'type'>[];
}

/** Stands for a whole text of which the record does not say where it was rewritten. */
const UNEXPLAINED = '{REWRITTEN}';

/**
 * A text of which nothing is left that was found: every rewritten place as it went out, every other finding as its type
 * in braces. What overlaps becomes one place; what reaches beyond the text ends with it.
 *
 * Findings alone would not do: the mask stage also masks what reads as a value only next to a tag. So where the edits do
 * not make the rewritten text of the original, the whole text is masked.
 */
export function toMaskedText({ original, rewritten, edits, findings }: InspectedText): string {
  const sent = toSentPatches(rewritten, edits);
  if (apply(original, sent) !== rewritten) return UNEXPLAINED;
  const tags = findings
    .map(toTag)
    .filter((tag) => !sent.some(({ start, end }) => start <= tag.start && tag.end <= end));
  return apply(original, [...sent, ...tags]);
}

function toSentPatches(rewritten: string, edits: readonly Edit[]): readonly Patch[] {
  let shift = 0;
  return edits.map(({ start, end, length }) => {
    const from = start + shift;
    shift += length - (end - start);
    return { start, end, text: rewritten.slice(from, from + length) };
  });
}

function toTag({ start, end, type }: InspectedText['findings'][number]): Patch {
  return { start: Math.min(start, end), end: Math.max(start, end), text: `{${type}}` };
}

/** Puts the patches into a text. Those that overlap take one place together, each text in it once. */
function apply(text: string, patches: readonly Patch[]): string {
  let result = '';
  let at = 0;
  let written = new Set<string>();
  for (const patch of patches.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    if (patch.start >= at) {
      result += text.slice(at, patch.start);
      written = new Set();
    }
    if (!written.has(patch.text)) result += patch.text;
    written.add(patch.text);
    at = Math.max(at, patch.end);
  }
  return result + text.slice(at);
}
