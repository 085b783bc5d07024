import type { Rule } from './detector.ts';
import { foldCodePoint } from './fold.ts';
import { createWordReader } from './word-reader.ts';

/** One step of a phrase: which words it takes, and how many others may come in front of it. */
interface Step {
  readonly words: ReadonlySet<string>;
  readonly gap: number;
}

type Phrase = readonly Step[];

/** A phrase that has begun: the step it waits for, and the number of the last word that may be that step's. */
interface Begun {
  readonly phrase: Phrase;
  readonly next: number;
  readonly until: number;
  readonly start: number;
}

/** A word of the lexicon. `number` counts words as they come. */
interface Word {
  readonly word: string;
  readonly number: number;
  readonly start: number;
}

/** Units between two words of a phrase: more, and they no longer belong together. Bounds what is held back. */
const LONGEST_BREAK = 32;
const NONE: readonly Phrase[] = [];

/**
 * A rule that finds phrases word by word, whatever stands between the words and however they are written.
 *
 * `phrases` are rows of steps, `groups` the words that `@name` stands for: see `prompt-attack.data.ts`.
 */
export function phraseRule(phrases: readonly string[], groups: Readonly<Record<string, string>>): Rule {
  const compiled = phrases.map((phrase) => toSteps(phrase, groups));
  const starts = new Map<string, Phrase[]>();
  const lexicon = new Set<string>();
  for (const phrase of compiled) {
    for (const { words } of phrase) for (const word of words) lexicon.add(word);
    for (const word of phrase[0]?.words ?? []) starts.set(word, [...(starts.get(word) ?? []), phrase]);
  }
  const readWords = createWordReader(lexicon, new Set(starts.keys()));

  return {
    reads: 'view',
    scan({ text, isEnd }, from, report) {
      let begun: readonly Begun[] = [];
      /** The number of the last word that something under way waits for. */
      let until = 0;
      let number = 0;
      let last = from;
      const rest = readWords(text, { from, isEnd }, (word, start, end) => {
        if (begun.length > 0 && start - last > LONGEST_BREAK) begun = [];
        last = end;
        number += 1;
        if (word === '') return until > number;
        const after = goOn({ word, number, start }, begun, starts.get(word) ?? NONE);
        begun = after.begun;
        until = begun.reduce((latest, state) => Math.max(latest, state.until), 0);
        if (after.complete !== undefined) report(after.complete, end);
        return until > number;
      });
      if (isEnd || rest - last > LONGEST_BREAK) return rest;
      return begun.reduce((least, state) => (state.until > number ? Math.min(least, state.start) : least), rest);
    },
  };
}

/**
 * What is under way behind a word, of the phrases that had begun and those it begins; or where the phrase began that
 * it has completed: then all begin anew.
 */
function goOn(
  { word, number, start: at }: Word,
  begun: readonly Begun[],
  fresh: readonly Phrase[],
): { readonly begun: readonly Begun[]; readonly complete?: number } {
  const after: Begun[] = [];
  for (const state of begun) {
    const { phrase, next, until, start } = state;
    if (until < number) continue;
    if (phrase[next]?.words.has(word) === true) {
      const following = phrase[next + 1];
      if (following === undefined) return { begun: [], complete: start };
      add(after, { phrase, next: next + 1, until: number + 1 + following.gap, start });
    }
    if (until > number) after.push(state);
  }
  for (const phrase of fresh) {
    const following = phrase[1];
    if (following === undefined) return { begun: [], complete: at };
    after.push({ phrase, next: 1, until: number + 1 + following.gap, start: at });
  }
  return { begun: after };
}

/** Keeps the earliest of those that get equally far: text of one repeated word must not pile them up. */
function add(states: Begun[], state: Begun): void {
  const isKnown = states.some(
    ({ phrase, next, until }) => phrase === state.phrase && next === state.next && until === state.until,
  );
  if (!isKnown) states.push(state);
}

function toSteps(phrase: string, groups: Readonly<Record<string, string>>): Phrase {
  const steps: Step[] = [];
  let gap = 0;
  for (const part of phrase.split(' ')) {
    if (part.startsWith('~')) {
      gap = Number(part.slice(1));
      continue;
    }
    const words = part.replace(/@(\w+)/g, (_, name: string) => groups[name] ?? '').split('|');
    steps.push({ words: new Set(words.flatMap(spellings)), gap });
    gap = 0;
  }
  return steps;
}

/** A word as the view has it, which folds a capital letter otherwise than a small one in some scripts. */
function spellings(word: string): readonly string[] {
  const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
  return [word, capitalised, word.toUpperCase()].map((form) =>
    Array.from(form, (character) => foldCodePoint(character.codePointAt(0) ?? 0))
      .join('')
      .toLowerCase(),
  );
}
