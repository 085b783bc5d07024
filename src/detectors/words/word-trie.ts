import { isSpace, kindOf, NO_WORD, UNSPACED } from './word-units.ts';

/** A word to be found. */
export interface TrieWord<Value> {
  /** As `toLexical` gives it. */
  readonly text: string;
  readonly value: Value;
  /** Whether letters may stand right before it, and right behind it. */
  readonly isOpenAtStart?: boolean;
  readonly isOpenAtEnd?: boolean;
}

interface Node<Value> {
  readonly next: Map<number, Node<Value>>;
  readonly ends: TrieWord<Value>[];
}

/** Units that a walk may take that are no units of a word: doubled letters, stand-ins, white space. */
export interface Walk {
  /** Whether a letter may stand several times for once, and digits and signs for the letters that they look like. */
  readonly isLoose: boolean;
}

/** Tells of a word from `start` to `end`. */
export type Told<Value> = (word: TrieWord<Value>, start: number, end: number) => void;

const SPACE = 0x20;
const C = 0x63;
const K = 0x6b;
/** White space within a phrase, and doubled letters, that are read over. */
const MOST_SKIPPED = 32;
const STAND_INS: ReadonlyMap<number, number> = new Map(
  Object.entries({ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g', '@': 'a', $: 's', '!': 'i' }).map(
    ([sign, letter]) => [sign.charCodeAt(0), letter.charCodeAt(0)],
  ),
);

/** Finds any number of words in one pass: from each place where one may begin, along the letters they have in common. */
export interface WordTrie<Value> {
  /**
   * Tells of the words that begin in `text`, which is in small letters, from `from` on. Returns the first place from
   * which more text is needed; the text's length where there is none.
   */
  find(text: string, extent: { readonly from: number; readonly isEnd: boolean }, told: Told<Value>): number;
}

export function createWordTrie<Value>(words: readonly TrieWord<Value>[], { isLoose }: Walk): WordTrie<Value> {
  const root = createNode<Value>();
  for (const word of words) insert(root, word);
  const isOpen = words.some(({ isOpenAtStart }) => isOpenAtStart === true);
  const pairs = pairsOf(root, nextOf);
  const firsts = new Set([...root.next.keys(), ...(isLoose ? STAND_INS.keys() : [])]);

  /** Walks from `start`. False where the text ends before it is decided. */
  function walk(text: string, start: number, isEnd: boolean, told: Told<Value>): boolean {
    let node = root;
    let at = start;
    let skipped = 0;
    for (;;) {
      if (node.ends.length > 0 && !tellEnds(node, text, { start, end: at }, isEnd, told)) return false;
      if (at >= text.length) return isEnd || node.next.size === 0;
      const unit = text.charCodeAt(at);
      const next = nextOf(node, unit);
      at += 1;
      if (next !== undefined) node = next;
      else if (at - 1 > start && skipped < MOST_SKIPPED && isSkippable(unit, node, text.charCodeAt(at - 2)))
        skipped += 1;
      else return true;
    }
  }

  function nextOf(node: Node<Value>, unit: number): Node<Value> | undefined {
    const known = node.next.get(unit) ?? (isSpace(unit) ? node.next.get(SPACE) : undefined);
    if (known !== undefined || !isLoose) return known;
    const letter = STAND_INS.get(unit);
    return letter === undefined ? undefined : node.next.get(letter);
  }

  function isSkippable(unit: number, node: Node<Value>, before: number): boolean {
    if (isSpace(unit)) return isSpace(before);
    // `ck` is spelt `k` in loose lists.
    return isLoose && (unit === before || (unit === C && node.next.has(K)));
  }

  return {
    find(text, { from, isEnd }, told) {
      const { length } = text;
      for (let at = from; at < length; at += 1) {
        const unit = text.charCodeAt(at);
        // Beyond the end there is no number, which would make this arithmetic that of fractions.
        const next = at + 1 < length ? text.charCodeAt(at + 1) : ASCII;
        const isLikely = (unit | next) < ASCII ? pairs[(unit << 7) | next] === 1 : firsts.has(unit);
        if (isLikely && mayBegin(text, at) && !walk(text, at, isEnd, told)) return at;
      }
      return length;
    },
  };

  function mayBegin(text: string, at: number): boolean {
    if (isOpen || at === 0) return true;
    return isEdge(text.charCodeAt(at - 1), text.charCodeAt(at));
  }
}

const ASCII = 128;

/** Whether two ASCII units can be the first of a word: most of a text is passed over by it. */
function pairsOf<Value>(
  root: Node<Value>,
  nextOf: (node: Node<Value>, unit: number) => Node<Value> | undefined,
): Uint8Array {
  const pairs = new Uint8Array(ASCII * ASCII);
  for (let first = 0; first < ASCII; first += 1) {
    const node = nextOf(root, first);
    if (node === undefined) continue;
    for (let second = 0; second < ASCII; second += 1) {
      const isWord = node.ends.length > 0 || nextOf(node, second) !== undefined;
      // Doubled letters, and a `c` before a `k`, are read over.
      if (isWord || second === first || second === C) pairs[(first << 7) | second] = 1;
    }
  }
  return pairs;
}

function createNode<Value>(): Node<Value> {
  return { next: new Map(), ends: [] };
}

function insert<Value>(root: Node<Value>, word: TrieWord<Value>): void {
  let node = root;
  for (let at = 0; at < word.text.length; at += 1) {
    const unit = word.text.charCodeAt(at);
    const next = node.next.get(unit) ?? createNode<Value>();
    node.next.set(unit, next);
    node = next;
  }
  node.ends.push(word);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Tells of the words that end here, at whose edges nothing of a word stands. False where that is not known yet. */
function tellEnds<Value>(
  { ends }: Node<Value>,
  text: string,
  { start, end }: Place,
  isEnd: boolean,
  told: Told<Value>,
): boolean {
  if (end >= text.length && !isEnd) return false;
  const isApartBefore = start === 0 || isEdge(text.charCodeAt(start - 1), text.charCodeAt(start));
  const isApartBehind = end >= text.length || isEdge(text.charCodeAt(end), text.charCodeAt(end - 1));
  for (const word of ends) {
    if (!isApartBefore && word.isOpenAtStart !== true) continue;
    if (isApartBehind || word.isOpenAtEnd === true) told(word, start, end);
  }
  return true;
}

/** Whether a word ends between two units. */
function isEdge(outer: number, inner: number): boolean {
  const [one, other] = [kindOf(outer), kindOf(inner)];
  return one === NO_WORD || other === NO_WORD || one === UNSPACED || other === UNSPACED;
}
