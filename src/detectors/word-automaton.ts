/** Words as rows of symbols, numbered from 1; 0 is for all that is no symbol of any word. */
export interface SymbolWords {
  readonly words: readonly (readonly number[])[];
  /** One more than the highest symbol. */
  readonly symbols: number;
}

/**
 * Finds all of many words at once: the automaton of Aho and Corasick (1975). A state stands for the beginning of a word,
 * and is the longest one in which the text so far ends; 0 stands for none.
 */
export interface WordAutomaton {
  /** Where the first states lead, each to `symbols` others: for a loop that has no time for a call. */
  readonly table: Int32Array;
  /** How many states `table` has. */
  readonly dense: number;
  next(state: number, symbol: number): number;
  /** Symbols of the beginning that a state stands for. */
  depthOf(state: number): number;
  /** The state of the next shorter beginning in which the text ends as well. */
  shorter(state: number): number;
  /** For each state, not 0 where a word ends in it. */
  readonly ends: Int32Array;
  /** Gives the words that end here, by their place in the list. */
  forEachWord(state: number, take: (word: number) => void): void;
}

/** Entries of the table of the states next to the root, where nearly all of a text is read; the rest is in lists. */
const MOST_ENTRIES = 1 << 20;
const NONE = -1;

export function createWordAutomaton({ words, symbols }: SymbolWords): WordAutomaton {
  const trie = createTrie(words);
  const fails = failuresOf(trie);
  const dense = Math.min(fails.length, Math.max(1, Math.floor(MOST_ENTRIES / symbols)));
  const table = new Int32Array(dense * symbols);

  function next(state: number, symbol: number): number {
    let at = state;
    while (at >= dense) {
      const child = childOf(trie, at, symbol);
      if (child !== NONE) return child;
      at = fails[at] ?? 0;
    }
    return table[at * symbols + symbol] ?? 0;
  }

  // States are numbered in the order of their depth, so that what a shorter beginning leads to is known before.
  for (let state = 0; state < dense; state += 1) {
    const fail = fails[state] ?? 0;
    for (let symbol = 1; symbol < symbols; symbol += 1) {
      const child = childOf(trie, state, symbol);
      const other = state === 0 ? 0 : (table[fail * symbols + symbol] ?? 0);
      table[state * symbols + symbol] = child === NONE ? other : child;
    }
  }
  const ends = endsOf(trie, fails);

  return {
    table,
    dense,
    ends,
    next,
    depthOf: (state) => trie.depths[state] ?? 0,
    shorter: (state) => fails[state] ?? 0,
    forEachWord(state, take) {
      for (let at = ends[state] ?? 0; at !== 0; ) {
        for (const word of trie.words[at] ?? []) take(word);
        at = ends[fails[at] ?? 0] ?? 0;
      }
    },
  };
}

/** Beginnings of words, each after those that are shorter. Children of one are a list: `children`, then `siblings`. */
interface Trie {
  readonly children: Int32Array;
  readonly siblings: Int32Array;
  readonly symbols: Int32Array;
  readonly depths: Int32Array;
  readonly parents: Int32Array;
  /** The words that are the beginning of a state, where any are. */
  readonly words: readonly (readonly number[] | undefined)[];
}

/** One length after the other, which numbers states by depth. */
function createTrie(words: readonly (readonly number[])[]): Trie {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  const [children, siblings] = [new Int32Array(most).fill(NONE), new Int32Array(most).fill(NONE)];
  const [symbols, depths, parents] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  const ofState: (number[] | undefined)[] = [undefined];
  const states = new Int32Array(words.length);
  const links = { children, siblings, symbols };
  let left = [...words.keys()].filter((index) => words[index]?.length !== 0);
  for (let depth = 0; left.length > 0; depth += 1) {
    left = left.filter((index) => {
      const word = words[index] ?? [];
      const [state, symbol] = [states[index] ?? 0, word[depth] ?? 0];
      let child = childOf(links, state, symbol);
      if (child === NONE) {
        child = ofState.push(undefined) - 1;
        siblings[child] = children[state] ?? NONE;
        children[state] = child;
        symbols[child] = symbol;
        depths[child] = depth + 1;
        parents[child] = state;
      }
      states[index] = child;
      const isWhole = depth + 1 === word.length;
      if (isWhole) ofState[child] = [...(ofState[child] ?? []), index];
      return !isWhole;
    });
  }
  return { children, siblings, symbols, depths, parents, words: ofState };
}

function childOf(trie: Pick<Trie, 'children' | 'siblings' | 'symbols'>, state: number, symbol: number): number {
  let child = trie.children[state] ?? NONE;
  while (child !== NONE && trie.symbols[child] !== symbol) child = trie.siblings[child] ?? NONE;
  return child;
}

function failuresOf(trie: Trie): Int32Array {
  const fails = new Int32Array(trie.words.length);
  for (let state = 1; state < fails.length; state += 1) {
    const parent = trie.parents[state] ?? 0;
    if (parent === 0) continue;
    let fail = fails[parent] ?? 0;
    let child = childOf(trie, fail, trie.symbols[state] ?? 0);
    while (child === NONE && fail !== 0) {
      fail = fails[fail] ?? 0;
      child = childOf(trie, fail, trie.symbols[state] ?? 0);
    }
    fails[state] = child === NONE ? 0 : child;
  }
  return fails;
}

/** For each state the nearest one, itself or shorter, that is a whole word; 0 where there is none. */
function endsOf(trie: Trie, fails: Int32Array): Int32Array {
  const ends = new Int32Array(fails.length);
  for (let state = 1; state < ends.length; state += 1) {
    ends[state] = trie.words[state] === undefined ? (ends[fails[state] ?? 0] ?? 0) : state;
  }
  return ends;
}
