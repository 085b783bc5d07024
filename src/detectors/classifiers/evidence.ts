import { sentencesOf } from './sentences.ts';
import { negations } from './stop-words.data.ts';
import { weightOf } from './word-weights.ts';
import { type Word, wordsOf } from './words.ts';

/** A sentence as a statement: what it is about, and what of it is denied. */
export interface Statement {
  /** Words that say what it is about, by their stems, with how much each tells. */
  readonly weights: ReadonlyMap<string, number>;
  /** Each with the stem of what is counted by it: the next word that says something, or nothing. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Stems of names: words with a capital letter other than the first, and those with digits. */
  readonly names: ReadonlySet<string>;
  /** Of all its words. */
  readonly stems: ReadonlySet<string>;
  /** Stems behind a negation, as far as it is taken to reach. */
  readonly denied: ReadonlySet<string>;
}

/** Sentences in which a claim may be found. */
export interface Evidence {
  /** Every stem and number there is. */
  has(stem: string): boolean;
  /** The statements that share most with `weights`, at most two, the second with most of what the first lacks. */
  findBest(weights: ReadonlyMap<string, number>): readonly Statement[];
}

const LONGEST_SENTENCE = 400;
/** Sentences looked at for one word. A word that more have tells little, and text made of it must not cost more. */
const MOST_SENTENCES = 64;
/** Words that say something, behind a negation, which it is taken to deny. */
const REACH = 2;
const NEGATIONS = new Set(negations.flatMap((words) => words.split(/\s+/)));

export function toStatements(text: string): readonly Statement[] {
  return sentencesOf(text, LONGEST_SENTENCE).map(({ start, end }) => toStatement(text.slice(start, end)));
}

function toStatement(sentence: string): Statement {
  const words = wordsOf(sentence);
  const content = words.filter(({ isStop }) => !isStop);
  const isName = (word: Word) => word.isMarked && (word !== words[0] || /\d/.test(word.text));
  return {
    weights: new Map(content.map((word) => [word.stem, weightOf(word)])),
    numbers: numbersIn(content),
    names: new Set(content.filter(isName).map(({ stem }) => stem)),
    stems: new Set(words.map(({ stem }) => stem)),
    denied: deniedIn(words),
  };
}

function numbersIn(content: readonly Word[]): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  content.forEach(({ kind, stem }, index) => {
    if (kind === 'number') numbers.set(stem, content[index + 1]?.stem ?? '');
  });
  return numbers;
}

function deniedIn(words: readonly Word[]): ReadonlySet<string> {
  const denied = new Set<string>();
  let left = 0;
  for (const { text, stem, isStop } of words) {
    if (NEGATIONS.has(text)) left = REACH;
    else if (left > 0 && !isStop) {
      denied.add(stem);
      left -= 1;
    }
  }
  return denied;
}

export function createEvidence(sources: readonly string[]): Evidence {
  const statements = sources.flatMap(toStatements);
  const having = new Map<string, number[]>();
  const all = new Set<string>();
  statements.forEach(({ weights }, index) => {
    for (const stem of weights.keys()) {
      all.add(stem);
      const indexes = having.get(stem);
      if (indexes === undefined) having.set(stem, [index]);
      else if (indexes.length < MOST_SENTENCES) indexes.push(index);
    }
  });

  function findOne(weights: ReadonlyMap<string, number>): Statement | undefined {
    const shared = new Map<number, number>();
    for (const [stem, weight] of weights) {
      for (const index of having.get(stem) ?? []) shared.set(index, (shared.get(index) ?? 0) + weight);
    }
    let best: number | undefined;
    for (const [index, sum] of shared) {
      if (best === undefined || sum > (shared.get(best) ?? 0)) best = index;
    }
    return best === undefined ? undefined : statements[best];
  }

  return {
    has: (stem) => all.has(stem),
    findBest(weights) {
      const first = findOne(weights);
      if (first === undefined) return [];
      const rest = new Map([...weights].filter(([stem]) => !first.weights.has(stem)));
      const second = findOne(rest);
      return second === undefined ? [first] : [first, second];
    },
  };
}
