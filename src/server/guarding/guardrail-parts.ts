import {
  attackClassifier,
  contentClassifier,
  createRegexDetectors,
  createTopicClassifier,
  createWindowReader,
  createWordDetectors,
  type Detector,
  detectors,
  type Features,
  profanityDetector,
  RegexError,
  scanPart,
  scoreGrounding,
  scoreRelevance,
  toFeatures,
} from '../../detectors/index.ts';
import { type Classifiers, GuardrailError, type GuardrailParts } from '../../guardrails/index.ts';

/** Of the window that was read last: two classifiers read each. */
let last: { readonly window: string; readonly features: Features } | undefined;

function featuresOf(window: string): Features {
  if (last?.window !== window) last = { window, features: toFeatures(window) };
  return last.features;
}

/** A letter or two are in so few texts that were learnt from that anything may be read into them. */
function saysSomething(window: string): boolean {
  return SOME_LETTERS.test(window);
}

const SOME_LETTERS = /(?:\p{L}[^\p{L}]*){3}/u;

/** What guardrails are made with here: baselines by words and n-grams. */
const classifiers: Classifiers = {
  createWindows: () => createWindowReader(),
  createSentences: () => createWindowReader({ enough: 1 }),
  scoreContent: (window) => contentClassifier.classifyFeatures(featuresOf(saysSomething(window) ? window : '')),
  scoreAttack: (window) => attackClassifier.classifyFeatures(featuresOf(saysSomething(window) ? window : '')),
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

const WARM_UP_AFTER_MS = 2_000;

/** Unpacks what is unpacked at its first use, soon, so that no request waits for it. Gives what stops it. */
export function warmUpSoon(): () => void {
  const timer = setTimeout(() => {
    classifiers.scoreContent('warm up');
    classifiers.scoreAttack('warm up');
    scanPart([profanityDetector], { kind: 'text', text: 'warm up' });
  }, WARM_UP_AFTER_MS);
  timer.unref();
  return () => clearTimeout(timer);
}
