import {
  attackClassifier,
  contentClassifier,
  createTopicClassifier,
  createWindowReader,
  type Detector,
  scoreGrounding,
  scoreRelevance,
} from '../../detectors/index.ts';
import { type Classifiers, GuardrailError, type GuardrailParts } from '../../guardrails/index.ts';

/** What guardrails are made with here: baselines by words and n-grams. */
const classifiers: Classifiers = {
  createWindows: createWindowReader,
  createSentences: createWindowReader,
  scoreContent: (window) => contentClassifier.classify(window),
  scoreAttack: (window) => attackClassifier.classify(window),
  createTopic: (topic) => createTopicClassifier(topic).score,
  scoreGrounding,
  scoreRelevance,
};

export const guardrailParts: GuardrailParts = {
  classifiers,
  ruleDetectors: {
    createWords: (words, prefix) =>
      words.map((word, index) => interim('WORD', `${prefix}word:${index}`, word.toLowerCase())),
    createRegexes: (regexes, prefix) =>
      regexes.map(({ name, pattern }) => interim('REGEX', `${prefix}regex:${name}`, pattern)),
  },
};

function interim(type: 'WORD' | 'REGEX', name: string, pattern: string): Detector {
  return {
    name,
    type,
    rules: [
      {
        reads: 'raw',
        scan({ text, isEnd }, from, report) {
          const re = new RegExp(pattern, type === 'WORD' ? 'gi' : 'g');
          const to = isEnd ? text.length : Math.max(from, text.length - 200);
          re.lastIndex = from;
          for (let m = re.exec(text); m !== null && m.index < to; m = re.exec(text))
            report(m.index, m.index + m[0].length);
          return to;
        },
      },
    ],
  };
}
