import { decodedTexts, type EncodingName } from './decoded-texts.ts';
import type { Detector, Rule } from './detector.ts';
import { createRunFinder } from './token-run.ts';

/** Twelve bytes in base64, eight in hexadecimal: less holds no value that any detector finds. */
const LEAST = 16;
/** A longer run is decided in pieces, each read together with what stands behind it. */
const PIECE = 4096;
const AHEAD = 512;
/** A line of base64 that goes on in the next (RFC 2045 has 76 characters, RFC 7468 has 64). */
const LEAST_LINE = 60;
const MOST_PADDING = 2;

const characters = createRunFinder(/[A-Za-z0-9+/_-]/);

/** What a character is: none of a run where 0. */
const MEMBER = 1;
const CAPITAL = 2;
const HEX = 4;
const BEYOND_HEX = 8;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (!characters.belongs(code)) return 0;
  const capital = /[A-Z]/.test(character) ? CAPITAL : 0;
  const hex = /[0-9A-Fa-f]/.test(character) ? HEX : 0;
  return MEMBER | capital | hex | (hex === 0 && character !== '-' ? BEYOND_HEX : 0);
});

/**
 * A rule about runs of base64, base64url and hexadecimal digits (RFC 4648): a run that decodes to text is a finding of
 * the detector that `inspect` names for that text.
 */
export function encodedRule(inspect: (text: string) => Detector | undefined): Rule {
  return {
    reads: 'view',
    scan({ text, isEnd, firstLong = 0 }, from, report) {
      let at = Math.max(from, Math.min(firstLong, text.length - LEAST));
      for (;;) {
        const start = characters.next(text, at, LEAST)?.start;
        if (start === undefined) return isEnd ? text.length : Math.max(at, characters.trailing(text, LEAST));
        const limit = start + PIECE + AHEAD;
        const run = readRun(text, start, limit);
        if (!run.isWhole && !isEnd) return start;
        const encodings = encodingsOf(run);
        const found =
          encodings === NONE ? undefined : firstNamed(decodedTexts(text, { ...run, start, encodings }), inspect);
        if (found !== undefined) report(start, run.end, found);
        at = run.end < limit ? run.end : start + PIECE;
      }
    },
  };
}

interface EncodedRun {
  /** Where it ends, its padding included, or the limit if that comes first. */
  readonly end: number;
  /** False where it may go on behind the text. */
  readonly isWhole: boolean;
  /** The kinds of all its characters. */
  readonly kinds: number;
  /** The most hexadecimal digits in a row, up to those that are worth a look. */
  readonly hexDigits: number;
}

const NONE: readonly EncodingName[] = [];
const BASE64: readonly EncodingName[] = ['base64'];
const HEXADECIMAL: readonly EncodingName[] = ['hex'];
const BOTH: readonly EncodingName[] = ['base64', 'hex'];

/**
 * Of the first two of four digits of text in base64, half are capital letters; and without a digit beyond the
 * hexadecimal ones it would have no figures, `@` or spaces. So hashes, UUIDs, paths and most names are none.
 */
function encodingsOf({ kinds, hexDigits }: EncodedRun): readonly EncodingName[] {
  const isBase64 = (kinds & CAPITAL) !== 0 && (kinds & BEYOND_HEX) !== 0;
  if (hexDigits < LEAST) return isBase64 ? BASE64 : NONE;
  return isBase64 ? BOTH : HEXADECIMAL;
}

/** Reads the run that begins at `start`, no further than `limit`. */
function readRun(text: string, start: number, limit: number): EncodedRun {
  let kinds = 0;
  let hexDigits = 0;
  let inRow = 0;
  let line = start;
  for (;;) {
    let end = line;
    for (; end < limit; end += 1) {
      const kind = KINDS[text.charCodeAt(end)] ?? 0;
      if (kind === 0) break;
      kinds |= kind;
      inRow = (kind & HEX) === 0 ? 0 : inRow + 1;
      if (inRow > hexDigits) hexDigits = inRow;
    }
    const next = end < limit && end - line >= LEAST_LINE ? nextLine(text, end) : end;
    if (next > end && next < text.length && characters.belongs(text.charCodeAt(next))) {
      line = next;
      continue;
    }
    const last = end < limit ? endOfPadding(text, end) : limit;
    const isWhole = last === limit || (next < text.length && (last < text.length || last === end + MOST_PADDING));
    return { end: Math.min(last, text.length), isWhole, kinds, hexDigits };
  }
}

/** Where the line begins that follows `end`; `end` itself where the line goes on. */
function nextLine(text: string, end: number): number {
  const isReturn = text.charAt(end) === '\r';
  const feed = isReturn ? end + 1 : end;
  return feed === text.length || text.charAt(feed) === '\n' ? feed + 1 : end;
}

function endOfPadding(text: string, start: number): number {
  let end = start;
  while (end < start + MOST_PADDING && text.charAt(end) === '=') end += 1;
  return end;
}

function firstNamed(texts: readonly string[], inspect: (text: string) => Detector | undefined): Detector | undefined {
  for (const text of texts) {
    const detector = inspect(text);
    if (detector !== undefined) return detector;
  }
  return undefined;
}
