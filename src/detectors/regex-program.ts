import { RE2JS, RE2JSException } from 're2js';
import { z } from 'zod';
import { foldCodePoint } from './fold.ts';
import { estimateSteps } from './regex-size.ts';

/** Code points, as pairs of the first and the last of each range. */
export type Ranges = readonly number[];

/** One step of a program. Where there are two ways on, `out` goes before `other`. */
export type Step =
  | { readonly kind: 'read'; readonly ranges: Ranges; readonly out: number }
  | { readonly kind: 'split'; readonly out: number; readonly other: number }
  | { readonly kind: 'look'; readonly conditions: number; readonly out: number }
  | { readonly kind: 'pass'; readonly out: number }
  | { readonly kind: 'match' }
  | { readonly kind: 'fail' };

/** A pattern as a machine of steps, over code points of the view. */
export interface RegexProgram {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** A pattern that cannot be used. The message names it and says why. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

/** What a `look` may ask for, as the engine numbers it. */
export const LINE_BEGINS = 1;
export const LINE_ENDS = 2;
export const TEXT_BEGINS = 4;
export const TEXT_ENDS = 8;
export const AT_BOUND = 16;
export const NOT_AT_BOUND = 32;

const LONGEST_PATTERN = 500;
const MOST_STEPS = 4_000;
/** Of a larger class, what its members outside ASCII fold to is not added: `[^a]` would come to have an `a`. */
const MOST_FOLDED = 256;
const FOLD_CASE = 1;
const LAST_ASCII = 0x7f;
const LAST = 0x10ffff;

const Op = { alt: 1, altMatch: 2, capture: 3, look: 4, fail: 5, match: 6, nop: 7, rune: 8, any: 10, anyButLine: 11 };
const program = z.object({
  start: z.number().int(),
  inst: z.array(
    z.object({
      op: z.number().int(),
      out: z.number().int(),
      arg: z.number().int(),
      runes: z.instanceof(Int32Array).or(z.array(z.number())),
    }),
  ),
});
type Instruction = z.infer<typeof program>['inst'][number];

/**
 * Compiles a pattern in RE2's syntax (github.com/google/re2/wiki/Syntax), which has no back references and no look-around
 * and hence can be searched for in linear time. What it says outside ASCII is also taken as the view folds it. Throws a
 * `RegexError`.
 */
export function compileRegex({ name, pattern }: { readonly name: string; readonly pattern: string }): RegexProgram {
  if (pattern.length > LONGEST_PATTERN) throw refused(name, `it is longer than ${LONGEST_PATTERN} characters`);
  if (estimateSteps(pattern) > MOST_STEPS) throw refused(name, `it comes to more than ${MOST_STEPS} steps`);
  const { inst, start } = program.parse(parse(name, pattern));
  if (inst.length > MOST_STEPS) throw refused(name, `it comes to more than ${MOST_STEPS} steps`);
  const steps: Step[] = inst.map(toStep);
  // A copy, since what is added for a step holds the step itself.
  for (const [at, step] of [...steps.entries()]) if (step.kind === 'read') addFolded(steps, at, step);
  if (steps.length > MOST_STEPS) throw refused(name, `it comes to more than ${MOST_STEPS} steps`);
  return { steps, start };
}

export function refused(name: string, why: string): RegexError {
  return new RegexError(`the pattern \`${name}\` cannot be used: ${why}`);
}

function parse(name: string, pattern: string): unknown {
  try {
    return RE2JS.compile(pattern).re2().prog;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw refused(name, error.message);
  }
}

function toStep({ op, out, arg, runes }: Instruction): Step {
  switch (op) {
    case Op.alt:
    case Op.altMatch:
      return { kind: 'split', out, other: arg };
    case Op.capture:
    case Op.nop:
      return { kind: 'pass', out };
    case Op.look:
      return { kind: 'look', conditions: arg, out };
    case Op.match:
      return { kind: 'match' };
    case Op.fail:
      return { kind: 'fail' };
    case Op.any:
      return { kind: 'read', ranges: [0, LAST], out };
    case Op.anyButLine:
      return { kind: 'read', ranges: [0, 9, 11, LAST], out };
    case Op.rune:
    case Op.rune + 1:
      return { kind: 'read', ranges: rangesOf(runes, (arg & FOLD_CASE) !== 0), out };
    default:
      throw new RangeError(`the engine knows an instruction ${op} that is not known here`);
  }
}

/** A single rune is itself, in either case where that is asked for; several are ranges. */
function rangesOf(runes: ArrayLike<number>, isCaseless: boolean): Ranges {
  const [rune] = Array.from(runes);
  if (runes.length !== 1 || rune === undefined) return Array.from(runes);
  const letter = String.fromCodePoint(rune);
  const forms = isCaseless
    ? [letter, letter.toLowerCase(), letter.toUpperCase(), letter.toUpperCase().toLowerCase(), letter.replace('ß', 'ẞ')]
    : [letter];
  return [...new Set(forms)]
    .filter((form) => [...form].length === 1)
    .map((form) => form.codePointAt(0) ?? 0)
    .toSorted((one, other) => one - other)
    .flatMap((code) => [code, code]);
}

/** Lets a step also read what the view has in the place of a code point: another, several, or none. */
function addFolded(steps: Step[], at: number, { ranges, out }: Extract<Step, { kind: 'read' }>): void {
  const folded = new Set(codesBeyondAscii(ranges).map(foldCodePoint));
  const units = [...folded].filter((form) => [...form].length === 1).map((form) => form.codePointAt(0) ?? 0);
  const single: Step = { kind: 'read', ranges: ascending([...ranges, ...units.flatMap((code) => [code, code])]), out };
  steps[at] = single;
  for (const form of folded) {
    const codes = Array.from(form, (character) => character.codePointAt(0) ?? 0);
    if (codes.length === 1) continue;
    let next = out;
    for (const code of codes.toReversed()) next = steps.push({ kind: 'read', ranges: [code, code], out: next }) - 1;
    const before: Step = steps[at] ?? single;
    steps[at] = { kind: 'split', out: steps.push(before) - 1, other: next };
  }
}

/** The same ranges in order, none of which touches another. */
function ascending(ranges: Ranges): Ranges {
  const pairs = ranges.flatMap((first, at) => (at % 2 === 0 ? [{ first, last: ranges[at + 1] ?? first }] : []));
  const ordered: number[] = [];
  for (const { first, last } of pairs.toSorted((one, other) => one.first - other.first)) {
    const end = ordered.at(-1);
    if (end === undefined || first > end + 1) ordered.push(first, last);
    else ordered[ordered.length - 1] = Math.max(end, last);
  }
  return ordered;
}

/** The members of a class outside ASCII; none of a class that has too many. */
function codesBeyondAscii(ranges: Ranges): readonly number[] {
  const codes: number[] = [];
  for (let at = 0; at < ranges.length; at += 2) {
    const first = Math.max(ranges[at] ?? 0, LAST_ASCII + 1);
    const last = ranges[at + 1] ?? 0;
    if (last - first >= MOST_FOLDED) return [];
    for (let code = first; code <= last; code += 1) codes.push(code);
    if (codes.length > MOST_FOLDED) return [];
  }
  return codes;
}
