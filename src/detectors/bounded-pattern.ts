import type { First, Unfinished } from './pattern-rule.ts';
import { type PatternNode, parsePattern, type Sequence, writeNode } from './pattern-source.ts';

/** A pattern without its own end: what it needs to be looked for in text that is not all here yet. */
export interface BoundedPattern {
  /** Global. */
  readonly pattern: RegExp;
  /** UTF-16 units that decide a match, what is looked at behind it counted in. */
  readonly longest: number;
  readonly first: First;
  readonly unfinished: Unfinished;
  /** The match that begins at `start`. */
  matchAt(text: string, start: number): RegExpExecArray | null;
  /** Whether a match that begins at `start` may depend on text behind the end of `text`. */
  isOpenAt(text: string, start: number): boolean;
}

/**
 * A pattern of bounded length, and from it, where text ends in the middle of what it might match.
 *
 * A text that ends where the pattern wants another unit, on any of its ways, is undecided there; on no other. So a
 * detector need not say twice what it looks for, and holds back no more than it has to.
 */
export function boundedPattern(source: string, flags: '' | 'i' = ''): BoundedPattern {
  const options = parsePattern(source);
  const partial = partialOfOptions(options);
  const longest = longestOfOptions(options);
  const anywhere = new RegExp(partial, `g${flags}`);
  const openHere = new RegExp(partial, `y${flags}`);
  const here = new RegExp(source, `y${flags}`);
  const first = firstOf(firstUnits(options), flags);
  return {
    pattern: new RegExp(source, `g${flags}`),
    longest,
    first,
    unfinished: (text, from) => {
      const start = first(text, Math.max(from, text.length - longest));
      if (start === text.length) return start;
      anywhere.lastIndex = start;
      return anywhere.exec(text)?.index ?? text.length;
    },
    matchAt: (text, start) => {
      here.lastIndex = start;
      return here.exec(text);
    },
    isOpenAt: (text, start) => {
      if (text.length - start > longest) return false;
      openHere.lastIndex = start;
      return openHere.test(text);
    },
  };
}

const ASCII = 128;

/** Steps to the first unit that a match may begin with: in most text it is rare, and a table is faster than a pattern. */
function firstOf(units: readonly string[], flags: string): First {
  const unit = new RegExp(`^(?:${units.join('|')})$`, flags);
  const isFirst = Uint8Array.from({ length: ASCII }, (_, code) => Number(unit.test(String.fromCharCode(code))));
  return (text, from) => {
    const { length } = text;
    let at = from;
    while (at < length && isFirst[text.charCodeAt(at)] === 0) at += 1;
    return at;
  };
}

/** The sources of the units that a match can begin with; of none where it may be empty or begin with what is ahead. */
function firstUnits(options: readonly Sequence[]): readonly string[] {
  return options.flatMap((sequence) => {
    const units: string[] = [];
    for (const node of sequence) {
      const { sources, isOptional } = firstUnitsOf(node);
      units.push(...sources);
      if (!isOptional) return units;
    }
    return [ANY];
  });
}

const ANY = '[^]';

function firstUnitsOf(node: PatternNode): { readonly sources: readonly string[]; readonly isOptional: boolean } {
  switch (node.kind) {
    case 'unit':
      return { sources: [node.source], isOptional: false };
    case 'group':
      return { sources: firstUnits(node.options), isOptional: false };
    case 'repeat':
      return { sources: firstUnitsOf(node.node).sources, isOptional: node.least === 0 };
    case 'ahead':
    case 'behind':
      return { sources: [], isOptional: true };
    default:
      return node satisfies never;
  }
}

/** Where nothing can be unfinished. */
const NEVER = '(?!)';

/** The source of what may still become one of `options`: it matches up to the end of the text only. */
function partialOfOptions(options: readonly Sequence[]): string {
  return `(?:${options.map(partialOfSequence).join('|')})`;
}

function partialOfSequence(sequence: Sequence): string {
  return sequence.reduceRight((rest, node) => {
    const whole = writeNode(node);
    const partial = partialOf(node);
    if (partial === NEVER) return rest === NEVER ? NEVER : `${whole}${rest}`;
    return rest === NEVER ? partial : `(?:${partial}|${whole}${rest})`;
  }, NEVER);
}

function partialOf(node: PatternNode): string {
  switch (node.kind) {
    case 'unit':
      return '$';
    case 'behind':
      return NEVER;
    case 'group':
    case 'ahead':
      return partialOfOptions(node.options);
    case 'repeat': {
      if (node.most === 0) return NEVER;
      const before = node.most === 1 ? '' : `${writeNode(node.node)}{0,${node.most - 1}}`;
      return `${before}${partialOf(node.node)}`;
    }
    default:
      return node satisfies never;
  }
}

function longestOfOptions(options: readonly Sequence[]): number {
  return Math.max(...options.map((sequence) => sequence.reduce((length, node) => length + longestOf(node), 0)));
}

function longestOf(node: PatternNode): number {
  switch (node.kind) {
    case 'unit':
      return 1;
    case 'behind':
      return 0;
    case 'group':
    case 'ahead':
      return longestOfOptions(node.options);
    case 'repeat':
      return node.most * longestOf(node.node);
    default:
      return node satisfies never;
  }
}
