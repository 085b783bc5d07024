import type {
  AttackCategory,
  CheckedEntity,
  ChecksCall,
  ChecksResult,
  ContentCategory,
  ModerationResult,
  PiiEntityType,
  Scored,
  Span,
} from '../../core/index.ts';
import { scanApart } from '../../detectors/index.ts';
import type { AttackScores, ContentScores } from '../policy/classifiers.ts';
import { mostAttack, mostContent } from '../policy/window-scores.ts';
import { confidenceOf } from './entity-confidence.ts';
import type { EvaluationOptions } from './evaluate.ts';
import { quantised } from './quantised.ts';
import { textUnitsOf } from './usage.ts';

/** Values that one answer tells. */
const MOST_ENTITIES = 10_000;
/** A phrase that is known to be an attack is as sure as a score gets. */
const SURE = 0.95;

type ChecksOptions = Pick<EvaluationOptions, 'detectors' | 'classifiers' | 'view'>;

/** Checks content as Amazon Bedrock's `InvokeGuardrailChecks` does: by category, the most that any block scores. */
export function* runChecks(
  { messages, content, attack, entities }: ChecksCall,
  options: ChecksOptions,
): Generator<number, ChecksResult> {
  const texts = messages.flatMap((message) => message.content);
  // The system prompt is the application's own word, and gives the very orders that an attack does.
  const foreign = messages.filter(({ role }) => role !== 'system').flatMap((message) => message.content);
  return {
    ...(content === undefined ? {} : { content: yield* scoreContent(texts, content, options) }),
    ...(attack === undefined ? {} : { attack: yield* scoreAttack(foreign, attack, options) }),
    ...(entities === undefined ? {} : { entities: yield* findEntities(messages, entities, options) }),
  };
}

/** Scores texts by content filters, each for itself. */
export function* moderate(
  inputs: readonly string[],
  { classifiers, view }: Pick<ChecksOptions, 'classifiers' | 'view'>,
): Generator<number, ModerationResult> {
  const results: ModerationResult[number][] = [];
  for (const text of inputs) {
    const { VIOLENCE, HATE, SEXUAL, MISCONDUCT, INSULTS } = yield* mostContent(classifiers, text);
    results.push({
      VIOLENCE: tell(VIOLENCE, view),
      HATE: tell(HATE, view),
      SEXUAL: tell(SEXUAL, view),
      MISCONDUCT: tell(MISCONDUCT, view),
      INSULTS: tell(INSULTS, view),
    });
  }
  return results;
}

function* scoreContent(
  texts: readonly string[],
  categories: readonly ContentCategory[],
  { classifiers, view }: ChecksOptions,
): Generator<number, Scored<ContentCategory>> {
  const all: ContentScores[] = [];
  for (const text of texts) all.push(yield* mostContent(classifiers, text));
  return toScored(texts, categories, (category) => tell(Math.max(0, ...all.map((scores) => scores[category])), view));
}

function* scoreAttack(
  texts: readonly string[],
  categories: readonly AttackCategory[],
  { classifiers, detectors, view }: ChecksOptions,
): Generator<number, Scored<AttackCategory>> {
  const phrases = detectors.filter(({ type }) => type === 'PROMPT_ATTACK');
  const all: AttackScores[] = [];
  for (const text of texts) {
    const scores = yield* mostAttack(classifiers, text);
    const found = yield* scanApart(phrases, text);
    all.push(found.length === 0 ? scores : withPhrase(scores));
  }
  return toScored(texts, categories, (category) => tell(Math.max(0, ...all.map((scores) => scores[category])), view));
}

/** The phrases are orders to leave others aside. */
function withPhrase(scores: AttackScores): AttackScores {
  return { ...scores, PROMPT_INJECTION: Math.max(scores.PROMPT_INJECTION, SURE) };
}

function toScored<Category extends string>(
  texts: readonly string[],
  categories: readonly Category[],
  scoreOf: (category: Category) => number,
): Scored<Category> {
  return { scores: categories.map((category) => [category, scoreOf(category)]), units: textUnitsOf(texts) };
}

function tell(score: number, { isExact }: ChecksOptions['view']): number {
  return isExact ? score : quantised(score);
}

function* findEntities(
  messages: ChecksCall['messages'],
  types: readonly PiiEntityType[],
  { detectors }: ChecksOptions,
): Generator<number, NonNullable<ChecksResult['entities']>> {
  const wanted = detectors.filter(({ type }) => types.some((one) => one === type));
  const found: CheckedEntity[] = [];
  for (const [message, { content }] of messages.entries()) {
    for (const [block, text] of content.entries()) {
      for (const span of yield* scanApart(wanted, text)) found.push(toEntity(span, { message, block }));
    }
  }
  return {
    found: found.slice(0, MOST_ENTITIES),
    isTruncated: found.length > MOST_ENTITIES,
    units: textUnitsOf(messages.flatMap(({ content }) => content)),
  };
}

function toEntity({ start, end, type }: Span, place: Pick<CheckedEntity, 'message' | 'block'>): CheckedEntity {
  const entity = type as PiiEntityType;
  return { type: entity, confidence: confidenceOf(entity), start, end, ...place };
}
