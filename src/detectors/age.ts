import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, JOINED, wordedValue } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';
import { inAnyCase } from './pattern-source.ts';

const OLDEST = 130;
const BEFORE = '(?<![0-9A-Za-z]|[.,/-][0-9]{0,2}|[$#] ?)';
const NUMBER = '[0-9]{1,3}(?:[.,]5|[ -]1/2)?';
const UNIT = inAnyCase('(?:years?|yrs?\\.?|months?|weeks?|days?)');
const OLD = inAnyCase('(?:old|of age|olds)');
const YEARS = `${NUMBER}[ -]?(?:${UNIT})(?=[ -]${OLD}(?![A-Za-z]))`;
const SHORT = `${NUMBER}[ -]?(?:${inAnyCase('(?:yo|y/o|y\\.o\\.?|jahre(?= alt)|jahrig(?:er?|es)?|ans(?= (?:et|passes))|anos(?= de edad))')})(?![A-Za-z])`;
const WRITTEN = boundedPattern(`${BEFORE}(?:${YEARS}|${SHORT})`);

const TENS = '(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)';
const ONES = '(?:one|two|three|four|five|six|seven|eight|nine)';
const TEENS = '(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)';

/** Ages: a quantity and its unit of time where that says how old somebody is, or a number behind `aged` or `age`. */
export const age: Detector = {
  name: 'age',
  type: 'AGE',
  rules: [
    patternRule({
      classes: DIGIT,
      ...WRITTEN,
      locate: ({ 0: written, index }) => (isAge(written) ? { start: index, end: index + written.length } : undefined),
    }),
  ],
  cues: [
    cue({
      words:
        "(?:age|aged|alter|edad|ages)(?: of| is| range)?|ag(?:e|ee) de|(?:turn(?:ed|s|ing)|j'ai|il a|elle a|tengo|tiene)",
      link: `(?:\\(years\\)|\\(yrs?\\))?${JOINED}(?:(?:about|around|only|just|over|under|almost|nearly) )?`,
      value: `(${NUMBER}(?:[ -]?(?:${UNIT}|ans|anos|jahre|Jahre)(?![A-Za-z]))?)(?![0-9A-Za-z%$:/-]|[.,][0-9]| ?(?:[%$]|percent|euros?|dollars?))`,
      isValue: isAge,
    }),
    cue({
      words: "(?:i'm|(?<=[Ii] )am|s?he's|(?<=[Hh]e )is)(?: (?:now|only|just|already|currently))?",
      link: ' ',
      value: `([1-9][0-9]{0,2})(?=[.,!?;)\\n]| (?:and|but|now|years?)(?![A-Za-z]))(?![.,][0-9])`,
      isValue: isAge,
    }),
    wordedValue({
      words: `(?:${TENS}(?:[ -]${ONES})?|${TEENS}|${ONES})[ -](?:years?|months?)`,
      value: `(?=[ -]${OLD}(?![A-Za-z]))`,
    }),
  ],
};

function isAge(written: string): boolean {
  return Number.parseInt(written, 10) <= OLDEST;
}
