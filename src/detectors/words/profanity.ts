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
        // What follows may make a harmless word of it.
        const until = isEnd ? text.length : Math.max(from, text.length - AROUND);
        let pending = until;
        const decided = profane.find(lower, { from, isEnd }, (_, start, end) => {
          if (start >= pending) return;
          const word = wordAround(lower, start, end);
          if (harmless.some((known) => covers(word.text, known, start - word.start, end - start))) return;
          report(start, end);
        });
        pending = Math.min(decided, until);
        return pending;
      },
    },
  ],
};

interface Around {
  readonly text: string;
  readonly start: number;
}

/** A match with the words that it stands in, and the ones beside it. */
function wordAround(text: string, start: number, end: number): Around {
  let from = start;
  let to = end;
  while (from > 0 && start - from < AROUND && kindOf(text.charCodeAt(from - 1)) !== NO_WORD) from -= 1;
  while (to < text.length && to - end < AROUND && kindOf(text.charCodeAt(to)) !== NO_WORD) to += 1;
  return { text: text.slice(from, to), start: from };
}

/** Whether a harmless word lies over a profane one. */
function covers(text: string, known: string, at: number, length: number): boolean {
  for (let found = text.indexOf(known); found !== -1; found = text.indexOf(known, found + 1)) {
    if (found <= at && at < found + known.length && length > 0) return true;
  }
  return false;
}
