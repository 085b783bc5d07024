import type { Detector, Rule } from '../detector.ts';
import { createWordTrie } from './word-trie.ts';
import { toLexical, toLower } from './word-units.ts';

/**
 * A detector for each of some words and phrases, in order. All are found in one pass, and all by the first of them: they
 * are of use together alone.
 *
 * Capitals, look-alikes, invisible characters and the kind of white space do not count; a word is found where it stands
 * by itself, in scripts without spaces wherever it stands. Words of nothing but white space are found nowhere.
 */
export function createWordDetectors(words: readonly string[], prefix: string): readonly Detector[] {
  const named = words.map((word, index): Detector & { readonly text: string } => ({
    name: `${prefix}word:${index}`,
    type: 'WORD',
    rules: [],
    text: toLexical(word),
  }));
  const trie = createWordTrie(
    named.filter(({ text }) => text !== '').map((detector) => ({ text: detector.text, value: detector })),
    { isLoose: false },
  );
  const rule: Rule = {
    reads: 'view',
    scan: ({ text, isEnd }, from, report) =>
      trie.find(toLower(text), { from, isEnd }, ({ value }, start, end) => report(start, end, value)),
  };
  return named.map((detector, index) => Object.assign(detector, { rules: index === 0 ? [rule] : [] }));
}
