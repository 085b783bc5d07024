import { cuss } from 'cuss';
import type { Detector, Rule } from './detector.ts';
import { alsoProfane, harmlessWords, wordFamilies } from './profanity.data.ts';
import { wordRule } from './word-rule.ts';

/** How sure `cuss` is that a word is meant as profanity: 0 rarely, 1 perhaps, 2 nearly always. */
const SURE = 2;
const STAND_INS = { a: '@4', e: '3', i: '1!', o: '0', s: '$5', t: '7' };

/**
 * Swear words, slurs and obscenities in English, as whole words in every case, also with the usual digits and signs in
 * the place of letters (`sh1t`). Words that hold one (`Scunthorpe`, `cocktail`) are none. A list knows words, and neither
 * what is meant with them nor what it has not got.
 */
export const profanityDetector: Detector = { name: 'profanity', type: 'PROFANITY', rules: [onceAsked(createRule)] };

function createRule(): Rule {
  const listed = profaneWords().map((text) => ({ text, detector: profanityDetector }));
  return wordRule(listed, { standIns: STAND_INS });
}

/** A rule that is made when it is first needed: most who load this never ask for it. */
function onceAsked(create: () => Rule): Rule {
  let made: Rule | undefined;
  return {
    reads: 'view',
    scan(reading, from, report) {
      made ??= create();
      return made.scan(reading, from, report);
    },
  };
}

function profaneWords(): readonly string[] {
  const harmless = new Set(harmlessWords);
  const listed = Object.entries(cuss).flatMap(([word, sureness]) => (sureness >= SURE ? [word] : []));
  return [...new Set([...listed, ...alsoProfane, ...formsOfFamilies()])].filter((word) => !harmless.has(word));
}

function formsOfFamilies(): readonly string[] {
  return wordFamilies.flatMap(({ before, stems, behind }) =>
    before
      .split('|')
      .flatMap((front) => stems.split('|').flatMap((stem) => behind.split('|').map((end) => `${front}${stem}${end}`))),
  );
}
