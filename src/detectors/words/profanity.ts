import { englishDataset } from 'obscenity';
import type { Detector } from '../detector.ts';
import { createWordTrie, type TrieWord, type WordTrie } from './word-trie.ts';
import { kindOf, NO_WORD, toLower } from './word-units.ts';

/** Nodes of a pattern of the list: https://github.com/jo3-l/obscenity. */
interface ListedPattern {
  readonly requireWordBoundaryAtStart: boolean;
  readonly requireWordBoundaryAtEnd: boolean;
  readonly nodes: readonly ListedNode[];
}

type ListedNode = ReturnType<typeof englishDataset.build>['blacklistedTerms'][number]['pattern']['nodes'][number];

interface Lists {
  readonly profane: WordTrie<undefined>;
  /** Harmless words that hold a profane one. */
  readonly harmless: readonly string[];
}

/** A word around a match is read so far, to tell whether it is a harmless one. */
const AROUND = 32;

/** What the list has by its end alone, which there must stand by itself. */
const compounds: readonly TrieWord<undefined>[] = [{ text: 'motherfuk', value: undefined, isOpenAtEnd: true }];

let lists: Lists | undefined;

/** Read when first asked for: few guardrails have the managed list. */
function listsOf(): Lists {
  lists ??= readLists();
  return lists;
}

function readLists(): Lists {
  const { blacklistedTerms = [], whitelistedTerms = [] } = englishDataset.build();
  const words = [...blacklistedTerms.flatMap(({ pattern }) => wordsOf(pattern)), ...compounds];
  return { profane: createWordTrie(words, { isLoose: true }), harmless: whitelistedTerms };
}

/** A pattern's words, with and without what is optional in it. One with a wildcard is left out: it is any word. */
function wordsOf({
  nodes,
  requireWordBoundaryAtStart,
  requireWordBoundaryAtEnd,
}: ListedPattern): readonly TrieWord<undefined>[] {
  const texts = nodes.reduce<readonly string[]>(
    (before, node) => before.flatMap((text) => spellings(node).map((more) => text + more)),
    [''],
  );
  return texts.map((text) => ({
    text,
    value: undefined,
    isOpenAtStart: !requireWordBoundaryAtStart,
    isOpenAtEnd: !requireWordBoundaryAtEnd,
  }));
}

function spellings(node: ListedNode): readonly string[] {
  if ('chars' in node) return [String.fromCharCode(...node.chars)];
  if ('childNode' in node) return ['', ...spellings(node.childNode)];
  return [];
}

/**
 * Profane words of English: the list of the package `obscenity` (MIT), however they are spelt with doubled letters and
 * with digits or signs for letters.
 */
export const profanity: Detector = {
  name: 'profanity',
  type: 'PROFANITY',
  rules: [
    {
      reads: 'view',
      scan({ text, isEnd }, from, report) {
        const lower = toLower(text);
        const { profane, harmless } = listsOf();
        let pending = text.length;
        const decided = profane.find(lower, { from, isEnd }, (_, start, end) => {
          if (start >= pending) return;
          const word = wordAround(lower, start, end);
          // What follows may make a harmless word of it.
          if (!isEnd && word.end === text.length && word.end - end < AROUND) pending = start;
          else if (!isHarmless(word, { start, end }, harmless)) report(start, end);
        });
        return Math.min(decided, pending);
      },
    },
  ],
};

interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface Around extends Stretch {
  readonly text: string;
}

/** The word that a match stands in. */
function wordAround(text: string, start: number, end: number): Around {
  let from = start;
  let to = end;
  while (from > 0 && start - from < AROUND && kindOf(text.charCodeAt(from - 1)) !== NO_WORD) from -= 1;
  while (to < text.length && to - end < AROUND && kindOf(text.charCodeAt(to)) !== NO_WORD) to += 1;
  return { text: text.slice(from, to), start: from, end: to };
}

/** Whether a harmless word begins before a profane one, or with it, and goes into it. */
function isHarmless({ text, start: from }: Around, { start }: Stretch, harmless: readonly string[]): boolean {
  const at = start - from;
  return harmless.some((known) => {
    for (let found = text.indexOf(known); found !== -1 && found <= at; found = text.indexOf(known, found + 1)) {
      if (at < found + known.length) return true;
    }
    return false;
  });
}
