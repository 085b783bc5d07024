import type { ContentCategory, FindingType, Found, PiiEntityType } from '../../core/index.ts';
import type { Detector } from '../../detectors/index.ts';
import { type Classifiers, type Confidence, leastScores } from './classifiers.ts';
import type { GuardrailPolicy } from './guardrail-policy.ts';

/** What a guardrail says of a finding, by Amazon Bedrock's names. */
export type GuardrailAction = 'BLOCK' | 'ANONYMIZE' | 'NONE';

/** Of a guardrail that several may share a process with, no two of them with both alike. */
export interface GuardrailName {
  readonly id: string;
  /** A number, or `DRAFT`. */
  readonly version: string;
}

export type FilterType = ContentCategory | 'PROMPT_ATTACK';

export interface ContentRule {
  readonly type: FilterType;
  readonly strength: Confidence;
  readonly action: GuardrailAction;
}

export interface TopicRule {
  readonly name: string;
  /** Of its findings. */
  readonly detector: string;
  readonly action: GuardrailAction;
  score(window: string): number;
}

/** A rule that a detector of its own finds for. */
export interface DetectorRule {
  readonly detector: Detector;
  /** Of a pattern. */
  readonly name?: string;
  readonly pattern?: string;
  readonly action: GuardrailAction;
}

export interface GroundingRule {
  readonly type: 'GROUNDING' | 'RELEVANCE';
  readonly threshold: number;
  readonly action: GuardrailAction;
}

/** What a guardrail looks for on one side of a model. */
export interface GuardrailSide {
  readonly content: readonly ContentRule[];
  readonly topics: readonly TopicRule[];
  readonly words: readonly DetectorRule[];
  readonly profanity: GuardrailAction | undefined;
  readonly pii: ReadonlyMap<PiiEntityType, GuardrailAction>;
  readonly regexes: readonly DetectorRule[];
  /** Of answers alone. */
  readonly grounding: readonly GroundingRule[];
  /** What callers are told where it blocks. */
  readonly message: string;
  /** What it says of a finding; undefined where it does not look for any such. */
  actionOn(found: Found): GuardrailAction | undefined;
}

/** A guardrail, ready to be asked. */
export interface Guardrail extends GuardrailName {
  readonly policy: GuardrailPolicy;
  readonly input: GuardrailSide;
  readonly output: GuardrailSide;
}

/** Makes detectors of what a guardrail's author wrote. `prefix` begins their names. */
export interface RuleDetectors {
  /** One for each word, in order. */
  createWords(words: readonly string[], prefix: string): readonly Detector[];
  /** One for each pattern, in order. Throws a `GuardrailError` for one that cannot be searched for in linear time. */
  createRegexes(
    regexes: readonly { readonly name: string; readonly pattern: string }[],
    prefix: string,
  ): readonly Detector[];
}

export interface GuardrailParts {
  readonly classifiers: Classifiers;
  readonly ruleDetectors: RuleDetectors;
}

type SideName = 'input' | 'output';

/** What can be said of each side of a rule. */
interface Sided {
  readonly action?: GuardrailAction | undefined;
  readonly inputAction?: GuardrailAction | undefined;
  readonly outputAction?: GuardrailAction | undefined;
  readonly inputEnabled?: boolean | undefined;
  readonly outputEnabled?: boolean | undefined;
}

/** Makes a guardrail of its policy. Throws a `GuardrailError`. */
export function createGuardrail(
  { id, version }: GuardrailName,
  policy: GuardrailPolicy,
  { classifiers, ruleDetectors }: GuardrailParts,
): Guardrail {
  const prefix = `${id}:${version}:`;
  const words = policy.wordPolicyConfig?.wordsConfig ?? [];
  const regexes = policy.sensitiveInformationPolicyConfig?.regexesConfig ?? [];
  const topics = policy.topicPolicyConfig?.topicsConfig ?? [];
  const regexDetectors = ruleDetectors.createRegexes(regexes, prefix);

  const scores = new Map<number, TopicRule['score']>();
  /** Made once for both sides. */
  function scoreOf(index: number): TopicRule['score'] {
    const { name, definition, examples = [] } = at(topics, index);
    const score = scores.get(index) ?? classifiers.createTopic({ name, definition, examples });
    scores.set(index, score);
    return score;
  }

  /** Made for each side by itself: all words of one are found together. */
  function wordRules(
    rules: readonly { readonly text: string; readonly action: GuardrailAction }[],
    named: string,
  ): readonly DetectorRule[] {
    const texts = rules.map(({ text }) => text);
    const detectors = ruleDetectors.createWords(texts, named);
    return rules.map(({ action }, index) => ({ detector: at(detectors, index), action }));
  }

  function sideOf(side: SideName, message: string): GuardrailSide {
    const rulesOf = <Rule extends Sided, Made>(
      rules: readonly Rule[],
      make: (rule: Rule, action: GuardrailAction, index: number) => Made,
    ): readonly Made[] =>
      rules.flatMap((rule, index) => {
        const action = actionOf(rule, side);
        return action === undefined ? [] : [make(rule, action, index)];
      });
    const [profanity] = rulesOf(policy.wordPolicyConfig?.managedWordListsConfig ?? [], (_, action) => action);
    return createSide({
      content: rulesOf(
        policy.contentPolicyConfig?.filtersConfig ?? [],
        ({ type, inputStrength, outputStrength }, action) => ({
          type,
          strength: side === 'input' ? inputStrength : outputStrength,
          action,
        }),
      ).filter(({ strength }) => strength !== 'NONE'),
      topics: rulesOf(topics, ({ name }, action, index) => ({
        name,
        detector: `${prefix}topic:${name}`,
        action,
        score: scoreOf(index),
      })),
      words: wordRules(
        rulesOf(words, ({ text }, action) => ({ text, action })),
        `${prefix}${side}:`,
      ),
      profanity,
      pii: new Map(
        rulesOf(
          policy.sensitiveInformationPolicyConfig?.piiEntitiesConfig ?? [],
          ({ type }, action) => [type, action] as const,
        ),
      ),
      regexes: rulesOf(regexes, ({ name, pattern }, action, index) => ({
        detector: at(regexDetectors, index),
        name,
        pattern,
        action,
      })),
      grounding: side === 'input' ? [] : groundingRules(policy),
      message,
    });
  }

  return {
    id,
    version,
    policy,
    input: sideOf('input', policy.blockedInputMessaging),
    output: sideOf('output', policy.blockedOutputsMessaging),
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError('a rule has not got what it finds by');
  return item;
}

/** What a rule does on a side; undefined where it does not look there. */
function actionOf(rule: Sided, side: SideName): GuardrailAction | undefined {
  const [isEnabled = true, own] =
    side === 'input' ? [rule.inputEnabled, rule.inputAction] : [rule.outputEnabled, rule.outputAction];
  return isEnabled ? (own ?? rule.action ?? 'BLOCK') : undefined;
}

function groundingRules({ contextualGroundingPolicyConfig }: GuardrailPolicy): readonly GroundingRule[] {
  const filters = contextualGroundingPolicyConfig?.filtersConfig ?? [];
  return filters.flatMap(({ type, threshold, action = 'BLOCK', enabled = true }) =>
    enabled ? [{ type, threshold, action }] : [],
  );
}

function createSide(rules: Omit<GuardrailSide, 'actionOn'>): GuardrailSide {
  const byType = new Map<FindingType, GuardrailAction>(rules.pii);
  if (rules.profanity !== undefined) byType.set('PROFANITY', rules.profanity);
  const filters = new Map(rules.content.map((rule) => [rule.type as FindingType, rule]));
  const byDetector = new Map<string, GuardrailAction>([
    ...[...rules.words, ...rules.regexes].map(({ detector, action }) => [detector.name, action] as const),
    ...rules.topics.map(({ detector, action }) => [detector, action] as const),
  ]);
  return {
    ...rules,
    actionOn({ type, detector, score }) {
      const filter = filters.get(type);
      if (filter !== undefined) return isReached(filter.strength, score) ? filter.action : undefined;
      const grounding = rules.grounding.find((rule) => rule.type === type);
      if (grounding !== undefined) return (score ?? 0) < grounding.threshold ? grounding.action : undefined;
      return byDetector.get(detector) ?? byType.get(type);
    },
  };
}

/** A rule of phrases has no score: what it finds is sure. */
function isReached(strength: Confidence, score = 1): boolean {
  return score >= leastScores[strength];
}
