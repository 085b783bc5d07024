import type { Detector, Rule } from './detector.ts';
import { wordRule } from './word-rule.ts';

/** A word or phrase that a guardrail's author has listed. */
export interface Word {
  readonly text: string;
}

/**
 * A detector for each word or phrase, named `word:N` behind `prefix`, N being its place in the list from 0 on. All of
 * them are looked for at once, and any choice of them may be used.
 *
 * Found whatever its case, in any way the view reads as the word, with any white space where it has a space; never as a
 * part of another word, except in scripts without spaces.
 */
export function createWordDetectors(words: readonly Word[], prefix = ''): readonly Detector[] {
  const rules: Rule[] = [];
  const detectors = words.map((_, index): Detector => ({ name: `${prefix}word:${index}`, type: 'WORD', rules }));
  if (words.length > 0) rules.push(wordRule(listOf(words, detectors)));
  return detectors;
}

function listOf(words: readonly Word[], detectors: readonly Detector[]) {
  return detectors.flatMap((detector, index) => {
    const text = words[index]?.text;
    return text === undefined ? [] : [{ text, detector }];
  });
}
