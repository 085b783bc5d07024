import {
  attackClassifier,
  contentClassifier,
  createRegexDetector,
  createTopicClassifier,
  createWindowReader,
  createWordDetectors,
  type Detector,
  type NamedPattern,
  PatternError,
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
    createWords: createWordDetectors,
    createRegexes: (regexes, prefix) => regexes.map((regex) => toDetector(regex, `${prefix}regex:${regex.name}`)),
  },
};

function toDetector(regex: NamedPattern, name: string): Detector {
  try {
    return createRegexDetector(regex, name);
  } catch (error) {
    if (error instanceof PatternError) throw new GuardrailError([error.message], { cause: error });
    throw error;
  }
}
