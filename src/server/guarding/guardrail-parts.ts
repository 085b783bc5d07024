import {
  attackClassifier,
  contentClassifier,
  createRegexDetectors,
  createTopicClassifier,
  createWindowReader,
  createWordDetectors,
  type Detector,
  detectors,
  profanityDetector,
  RegexError,
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
      createWordDetectors(
        words.map((text) => ({ text })),
        prefix,
      ),
    createRegexes(regexes, prefix) {
      try {
        return createRegexDetectors(regexes, prefix);
      } catch (error) {
        if (error instanceof RegexError) throw new GuardrailError([error.message], { cause: error });
        throw error;
      }
    },
  },
};

/** Every detector there is, but for those that guardrails bring. */
export const knownDetectors: readonly Detector[] = [...Object.values(detectors), profanityDetector];
