/** A stretch of a text: UTF-16 units, end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Divides a text into sentences while it comes. The stretches join without a gap and cover the text. */
export interface SentenceReader {
  /** The sentences that end within `text`. */
  push(text: string): readonly Stretch[];
  /** The rest, where there is one. */
  end(): readonly Stretch[];
}

const NEWLINE = 10;
const TEXT = 0;
const BLANK = 1;
/** Ends a sentence where a space follows, perhaps behind what may stand between. */
const END = 2;
const CLOSER = 3;
/** Ends a sentence whatever follows. */
const FULL_END = 4;
/** Half of a character. */
const FIRST_HALF = 5;

const KINDS = new Uint8Array(0x10000).fill(FIRST_HALF, 0xd800, 0xdc00);
for (const [kind, signs] of [
  [BLANK, '\t\n\v\f\r \u00a0\u3000'],
  [END, '.!?'],
  [CLOSER, `"')]}»”’*_\``],
  [FULL_END, '。！？'],
] as const) {
  for (const sign of signs) KINDS[sign.charCodeAt(0)] = kind;
}

/**
 * A sentence ends before the space that follows `.`, `!` or `?` (and closing quotes), behind `。`, `！` and `？`, behind
 * a line break, and at last after `longest` units, where there is one at a space.
 *
 * INVARIANT: where sentences end depends on the text alone, never on how it was divided.
 */
export function createSentenceReader(longest: number): SentenceReader {
  let start = 0;
  let at = 0;
  let lastSpace = -1;
  let hasEnded = false;
  let hasText = false;

  /** Where the text up to and with the unit at `at` is to be cut; -1 where it goes on. */
  function cutBehind(unit: number, kind: number): number {
    if (kind === BLANK) {
      if (hasEnded) return at;
      if (unit === NEWLINE && hasText) return at + 1;
      lastSpace = at;
    } else {
      hasText = true;
      if (kind === FULL_END) return at + 1;
      hasEnded = kind === END || (hasEnded && kind === CLOSER);
    }
    if (at + 1 - start < longest) return -1;
    if (lastSpace > start + longest / 2) return lastSpace;
    return kind === FIRST_HALF ? at : at + 1;
  }

  function cut(end: number, kind: number): Stretch {
    const sentence = { start, end };
    start = end;
    // At most what stands behind the last space, and the unit at hand, is left.
    const isUnitLeft = end <= at;
    hasText = isUnitLeft && kind !== BLANK;
    hasEnded &&= hasText;
    lastSpace = isUnitLeft && kind === BLANK ? at : -1;
    return sentence;
  }

  return {
    push(text) {
      const sentences: Stretch[] = [];
      for (let index = 0; index < text.length; index += 1) {
        const unit = text.charCodeAt(index);
        const kind = KINDS[unit] ?? TEXT;
        const end = cutBehind(unit, kind);
        if (end >= 0) sentences.push(cut(end, kind));
        at += 1;
      }
      return sentences;
    },
    end: () => (at > start ? [{ start, end: at }] : []),
  };
}

/** The sentences of a whole text. */
export function sentencesOf(text: string, longest: number): readonly Stretch[] {
  const reader = createSentenceReader(longest);
  return [...reader.push(text), ...reader.end()];
}
