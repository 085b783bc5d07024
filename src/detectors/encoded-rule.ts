import { decodedTexts } from './decoded-texts.ts';
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
        const end = endOfRun(text, start, limit);
        if (end === undefined && !isEnd) return start;
        const last = end ?? text.length;
        const found = firstNamed(decodedTexts(text, { start, end: last }), inspect);
        if (found !== undefined) report(start, last, found);
        at = last < limit ? last : start + PIECE;
      }
    },
  };
}

/**
 * Where the run ends that begins at `start`, its padding included, or `limit` if that comes first; undefined where it
 * may go on behind the text.
 */
function endOfRun(text: string, start: number, limit: number): number | undefined {
  let line = start;
  for (;;) {
    const end = characters.end(text, line, limit);
    if (end >= limit) return limit;
    const next = end - line >= LEAST_LINE ? nextLine(text, end) : end;
    if (next >= text.length) return undefined;
    if (next === end || !characters.belongs(text.charCodeAt(next))) return endOfPadding(text, end);
    line = next;
  }
}

/** Where the line begins that follows `end`; `end` itself where the line goes on. */
function nextLine(text: string, end: number): number {
  const isReturn = text.charAt(end) === '\r';
  const feed = isReturn ? end + 1 : end;
  return feed === text.length || text.charAt(feed) === '\n' ? feed + 1 : end;
}

function endOfPadding(text: string, start: number): number | undefined {
  let end = start;
  while (end < start + MOST_PADDING && text.charAt(end) === '=') end += 1;
  return end === text.length && end < start + MOST_PADDING ? undefined : end;
}

function firstNamed(texts: readonly string[], inspect: (text: string) => Detector | undefined): Detector | undefined {
  for (const text of texts) {
    const detector = inspect(text);
    if (detector !== undefined) return detector;
  }
  return undefined;
}
