/**
 * A regular expression as RE2 reads it (github.com/google/re2/wiki/Syntax), as far as its lengths go. `source` is the
 * pattern with an end to every repetition.
 */
export interface PatternNode {
  readonly source: string;
  /** UTF-16 units of the longest match. */
  readonly longest: number;
  /** Text that every match holds, in lower case; empty where none is known. */
  readonly literal: string;
  /** Whether it is that text and nothing else. */
  readonly isLiteral: boolean;
}

/** Why a pattern cannot be read. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
}

/** A code point takes at most so many units. */
const WIDEST = 2;
const MOST_NESTED = 50;

const EMPTY: PatternNode = { source: '', longest: 0, literal: '', isLiteral: true };

/** Reads a pattern; repetitions without an end get one after `most` times. Throws a `PatternSyntaxError`. */
export function parsePattern(pattern: string, most: number): PatternNode {
  let at = 0;
  let depth = 0;

  const fail = (what: string): never => {
    throw new PatternSyntaxError(what);
  };

  /** What stands from here on and fits `form`, which is sticky. */
  function take(form: RegExp): string | undefined {
    form.lastIndex = at;
    const [found] = form.exec(pattern) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  }

  function alternatives(): PatternNode {
    const all = [sequence()];
    while (take(/\|/y) !== undefined) all.push(sequence());
    const [only = EMPTY] = all;
    if (all.length === 1) return only;
    const source = all.map((node) => node.source).join('|');
    return { source, longest: Math.max(...all.map(({ longest }) => longest)), literal: '', isLiteral: false };
  }

  function sequence(): PatternNode {
    let whole = EMPTY;
    for (let node = repeated(); node !== undefined; node = repeated()) whole = joined(whole, node);
    return whole;
  }

  function repeated(): PatternNode | undefined {
    let node = atom();
    for (let times = take(QUANTIFIER); node !== undefined && times !== undefined; times = take(QUANTIFIER)) {
      node = withTimes(node, times);
    }
    return node;
  }

  function withTimes(node: PatternNode, times: string): PatternNode {
    const [least, greatest] = rangeOf(times);
    if (greatest !== undefined && greatest < least) fail(`the repetition \`${times}\` ends before it begins`);
    const last = greatest ?? least + most;
    const lazy = times.length > 1 && times.endsWith('?') ? '?' : '';
    const literal = least > 0 ? node.literal : '';
    return {
      source: `${node.source}{${least},${last}}${lazy}`,
      longest: node.longest * last,
      literal,
      isLiteral: false,
    };
  }

  function atom(): PatternNode | undefined {
    if (at >= pattern.length) return undefined;
    const next = pattern.charAt(at);
    switch (next) {
      case '|':
      case ')':
        return undefined;
      case '(':
        return group();
      case '[':
        return one(take(CLASS) ?? fail('a `[` has no `]`'));
      case '.':
        at += 1;
        return one('.');
      case '^':
      case '$':
        at += 1;
        return place(next);
      case '\\':
        return escaped();
      case '*':
      case '+':
      case '?':
        return fail(`a \`${next}\` repeats nothing`);
      default:
        return literal(take(/./suy) ?? '');
    }
  }

  function group(): PatternNode {
    const flags = take(/\(\?[imsU]*(?:-[imsU]+)?\)/y);
    if (flags !== undefined) return place(flags);
    const open = take(/\((?:\?(?:P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?:))?(?!\?)/y);
    if (open === undefined) return fail('a look-around, or a group that is not known');
    depth += 1;
    if (depth > MOST_NESTED) fail('too many groups within groups');
    const inner = alternatives();
    if (take(/\)/y) === undefined) fail('a `(` has no `)`');
    depth -= 1;
    return { ...inner, source: `${open}${inner.source})`, isLiteral: false };
  }

  function escaped(): PatternNode {
    const quoted = take(/\\Q[\s\S]*?(?:\\E|$)/y);
    if (quoted !== undefined) {
      const text = quoted.slice(2).replace(/\\E$/, '');
      return [...text].map((character) => literal(character)).reduce(joined, EMPTY);
    }
    const edge = take(/\\[bBAzZ]/y);
    if (edge !== undefined) return place(edge);
    if (take(/\\[1-9]|\\k/y) !== undefined) return fail('a back reference');
    const set = take(/\\(?:[dDsSwWC]|[pP](?:\{\^?\w+\}|\w))/y);
    if (set !== undefined) return one(set);
    const code = take(/\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|0[0-7]{0,2}|[aftnrv])/y);
    if (code !== undefined) return one(code);
    const sign = take(/\\[^\w\s]/uy);
    if (sign !== undefined) return { ...literal(sign.slice(1)), source: sign };
    return fail('an escape that is not known');
  }

  const whole = alternatives();
  if (at < pattern.length) fail('a `)` has no `(`');
  return whole;
}

const QUANTIFIER = /(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})\??/y;
/** A class up to its end; `]` at its beginning is of it, and so are named classes and escapes. */
const CLASS = /\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/y;

function rangeOf(times: string): readonly [least: number, greatest: number | undefined] {
  switch (times.charAt(0)) {
    case '*':
      return [0, undefined];
    case '+':
      return [1, undefined];
    case '?':
      return [0, 1];
    default: {
      const [least = '0', greatest = least] = times.replace(/[{}?]/g, '').split(',');
      return [Number(least), greatest === '' ? undefined : Number(greatest)];
    }
  }
}

function one(source: string): PatternNode {
  return { source, longest: WIDEST, literal: '', isLiteral: false };
}

/** What takes up no text. */
function place(source: string): PatternNode {
  return { source, longest: 0, literal: '', isLiteral: false };
}

function literal(character: string): PatternNode {
  const source = /[\\.+*?()|[\]{}^$]/.test(character) ? `\\${character}` : character;
  // A letter may be another one's small or capital form, of another length.
  return { source, longest: WIDEST, literal: character.toLowerCase(), isLiteral: true };
}

/** One behind the other: the longer of what both hold, or both as one where nothing stands between them. */
function joined(one_: PatternNode, other: PatternNode): PatternNode {
  const source = one_.source + other.source;
  const longest = one_.longest + other.longest;
  if (one_.isLiteral && other.isLiteral) {
    return { source, longest, literal: one_.literal + other.literal, isLiteral: true };
  }
  const known = other.literal.length > one_.literal.length ? other.literal : one_.literal;
  return { source, longest, literal: known, isLiteral: false };
}
