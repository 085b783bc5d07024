import { maskText } from '../deidentify/index.ts';
import type { Detector } from '../detectors/index.ts';
import { detectors as detectorTable, profanityDetector } from '../detectors/index.ts';
import type { EvaluationOptions } from './assess/evaluate.ts';
import type { Classifiers, Window, Windows } from './policy/classifiers.ts';
import { createGuardrail, type Guardrail, type RuleDetectors } from './policy/guardrail.ts';
import { type GuardrailPolicy, parseGuardrailPolicy } from './policy/guardrail-policy.ts';

/** Sentences, each of which ends with a full stop; the one before it is its context. */
function sentences(): Windows {
  let text = '';
  let context = 0;
  let complete = 0;
  const close = (end: number): Window => {
    const window = { start: context, end };
    context = complete;
    complete = end;
    return window;
  };
  return {
    push(more) {
      text += more;
      const windows: Window[] = [];
      for (let end = text.indexOf('.', complete); end !== -1; end = text.indexOf('.', complete))
        windows.push(close(end + 1));
      return windows;
    },
    end: () => (text.length > complete ? [close(text.length)] : []),
    complete: () => complete,
    needed: () => context,
  };
}

/** How often a text has a word, as a score: `hate9` scores 0.9. */
function scoreOf(text: string, word: string): number {
  return Math.max(0, ...[...text.matchAll(new RegExp(`${word}(\\d)`, 'g'))].map(([, digit]) => Number(digit) / 10));
}

/** Classifiers that are told what to say by what they read. */
export const scripted: Classifiers = {
  createWindows: sentences,
  createSentences: sentences,
  scoreContent: (text) => ({
    VIOLENCE: scoreOf(text, 'violence'),
    HATE: scoreOf(text, 'hate'),
    SEXUAL: scoreOf(text, 'sexual'),
    MISCONDUCT: scoreOf(text, 'misconduct'),
    INSULTS: scoreOf(text, 'insults'),
  }),
  scoreAttack: (text) => ({
    JAILBREAK: scoreOf(text, 'jailbreak'),
    PROMPT_INJECTION: scoreOf(text, 'injection'),
    PROMPT_LEAKAGE: scoreOf(text, 'leakage'),
  }),
  createTopic:
    ({ name }) =>
    (text) =>
      scoreOf(text, name),
  scoreGrounding: ({ sources, answer }) => (sources.some((source) => source.includes(answer)) ? 0.93 : 0.12),
  scoreRelevance: ({ query, answer }) => (answer.includes(query) ? 0.93 : 0.12),
};

/** A word as it stands; one detector for all of them, as the real ones have it. */
function plain(
  type: 'WORD' | 'REGEX',
  patterns: readonly (readonly [name: string, pattern: string])[],
): readonly Detector[] {
  return patterns.map(([name, pattern]) => ({
    name,
    type,
    rules: [
      {
        reads: 'view',
        scan({ text, isEnd }, from, report) {
          if (!isEnd) return from;
          for (const match of text.matchAll(new RegExp(pattern, 'g')))
            report(match.index, match.index + match[0].length);
          return text.length;
        },
      },
    ],
  }));
}

const ruleDetectors: RuleDetectors = {
  createWords: (words, prefix) =>
    plain(
      'WORD',
      words.map((word, index) => [`${prefix}word:${index}`, word]),
    ),
  createRegexes: (regexes, prefix) =>
    plain(
      'REGEX',
      regexes.map(({ name, pattern }) => [`${prefix}regex:${name}`, pattern]),
    ),
};

const messages = { blockedInputMessaging: 'Not asked.', blockedOutputsMessaging: 'Not said.' };

/** A guardrail of the policies given, by its id. */
export function guardrailOf(policies: Partial<GuardrailPolicy>, id = 'one'): Guardrail {
  const policy = parseGuardrailPolicy({ name: id, ...messages, ...policies });
  return createGuardrail({ id, version: '1' }, policy, { classifiers: scripted, ruleDetectors });
}

export const evaluation: EvaluationOptions = {
  detectors: [...Object.values(detectorTable), profanityDetector],
  classifiers: scripted,
  mask: maskText,
  view: { isFull: false, isExact: true },
};

/** All of a generator's steps at once. */
export function atOnce<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
