import { type BoundedPattern, boundedPattern } from './bounded-pattern.ts';
import { inAnyCase, type PatternNode, parsePattern, type Sequence } from './pattern-source.ts';

/** A word that says what stands behind it, and what that is. Read together with all others: `cue-rule.ts`. */
export interface Cue {
  /** Small letters that the words begin with: the pattern is tried only where one of these begins a word. */
  readonly beginnings: readonly string[];
  /**
   * From the first letter of the words to the end of the value, which is its one group. Made when it is first asked
   * for: most texts hold few of the words, and there are many.
   */
  pattern(): BoundedPattern;
  readonly isValue: (value: string) => boolean;
}

export interface CueOptions {
  /** The words, in small letters: a space stands for a space, a hyphen, an underscore or nothing. */
  readonly words: string;
  /** What may stand between the words and the value. */
  readonly link: string;
  /** The value, and what must follow it, as a look ahead; letters are meant as they are written. */
  readonly value: string;
  /** Refuses what only has the form of a value: by its check digit, say. */
  readonly isValue?: (value: string) => boolean;
}

const QUOTE = '["\'`]?';
const ASSIGNMENT = '[:=]=?>?|=?>|(?:is|are|was|be|ist|lautet|est|es)(?=[ :\\n"\'`])';
/** `: `, `" = "`, ` is `, `, `, a space: nothing but what joins a name and its value. */
export const JOINED = `(?![A-Za-z0-9])${QUOTE}(?:\\s{0,3}(?:${ASSIGNMENT}|[#(,-])){0,2}\\s{0,3}${QUOTE}`;
/** As `JOINED`, and more than a space: `: `, ` = `, ` is `, ` - `; a comma between two that are quoted. */
export const ASSIGNED = `(?:${QUOTE}\\s{0,3}(?:${ASSIGNMENT})(?:\\s{0,3}(?:${ASSIGNMENT}))?\\s{0,3}${QUOTE}|["'\`]\\s{0,3},\\s{0,3}["'\`]| {1,2}- {1,2}${QUOTE})`;
/** Up to forty units of the same sentence without a figure, then the value by itself: ` that I was given is `. */
export const SAID =
  '(?: ?[Nn](?:o|r|um|umber)?\\.)?(?:[^0-9{}<>.;!?\\n]|\\.(?! )){0,40}?(?:\\n{1,2} {0,4})?(?<![A-Za-z0-9])';

export function cue({ words, link, value, isValue = isAny }: CueOptions): Cue {
  if (!parsePattern(value).every(endsWithGroup)) throw new SyntaxError('a cue ends with the group of its value');
  const named = inAnyCase(words.replace(CLASS_OR_SPACE, (found) => (found === ' ' ? SPACE : found)));
  return createCue(named, { source: `(?:${named})${link}(?:${value})`, isValue });
}

/** A value that begins with one of `words` itself: a space there is a space. */
export function wordedValue({ words, value, isValue = isAny }: Omit<CueOptions, 'link'>): Cue {
  const named = inAnyCase(words);
  return createCue(named, { source: `((?:${named})(?:${value}))`, isValue });
}

/** Nothing is taken in behind the value, so that it is told by its length where in the match it stands. */
function endsWithGroup(sequence: Sequence): boolean {
  const last = sequence.findLast(({ kind }) => kind !== 'ahead' && kind !== 'behind');
  return last?.kind === 'group' && last.isCaptured;
}

function createCue(words: string, { source, isValue }: Pick<Cue, 'isValue'> & { readonly source: string }): Cue {
  let pattern: BoundedPattern | undefined;
  return {
    beginnings: beginningsOf(parsePattern(words)),
    pattern() {
      pattern ??= boundedPattern(source);
      return pattern;
    },
    isValue,
  };
}

const isAny = () => true;
const CLASS_OR_SPACE = /\[[^\]]*\]| /g;
const SPACE = '[ _-]{0,2}';

/** What is longer tells words from one another no better, and there are many ways to write some. */
const LONGEST_BEGINNING = 7;

/** The letters that each way of a pattern begins with, without those that begin with another of them. */
function beginningsOf(options: readonly Sequence[]): readonly string[] {
  const all = options.flatMap(lettersOf).map(({ letters }) => letters.slice(0, LONGEST_BEGINNING));
  if (all.includes('')) throw new SyntaxError('a cue begins with a letter');
  let last: string | undefined;
  return [...new Set(all)].toSorted().filter((letters) => {
    if (last !== undefined && letters.startsWith(last)) return false;
    last = letters;
    return true;
  });
}

interface Beginning {
  readonly letters: string;
  /** Whether the pattern goes on with something else than a letter or an apostrophe, or nothing more is asked. */
  readonly isOver: boolean;
}

const EMPTY: readonly Beginning[] = [{ letters: '', isOver: false }];

function lettersOf(sequence: Sequence): readonly Beginning[] {
  let before = EMPTY;
  for (const node of sequence) {
    if (before.every(({ isOver }) => isOver)) break;
    const next = lettersOfNode(node);
    before = before.flatMap((one) => (one.isOver ? [one] : next.map((more) => joined(one, more))));
  }
  return before;
}

function joined({ letters }: Beginning, more: Beginning): Beginning {
  const both = letters + more.letters;
  return { letters: both, isOver: more.isOver || both.length >= LONGEST_BEGINNING };
}

function lettersOfNode(node: PatternNode): readonly Beginning[] {
  switch (node.kind) {
    case 'unit':
      return lettersOfUnit(node.source);
    case 'group':
      return node.options.flatMap(lettersOf);
    case 'repeat': {
      const some = lettersOfNode(node.node).map((one) => ({ ...one, isOver: one.isOver || node.most > 1 }));
      return node.least === 0 ? [...EMPTY, ...some] : some;
    }
    case 'ahead':
    case 'behind':
      return EMPTY;
    default:
      return node satisfies never;
  }
}

/** `[aA]` is one letter in any case; a class of others is one of several. */
function lettersOfUnit(source: string): readonly Beginning[] {
  const letters = /^(?:\[([A-Za-z]+)\]|([A-Za-z']))$/.exec(source);
  if (letters === null) return [{ letters: '', isOver: true }];
  const each = new Set((letters[1] ?? letters[2] ?? '').toLowerCase());
  return Array.from(each, (letter) => ({ letters: letter, isOver: false }));
}
