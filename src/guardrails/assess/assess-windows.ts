import type { AssessedFilter, AssessedTopic } from '../../core/index.ts';
import { type Classifiers, leastScores, toConfidence } from '../policy/classifiers.ts';
import type { ContentRule, FilterType, GuardrailSide, TopicRule } from '../policy/guardrail.ts';
import { mostAttack, mostContent, windowsOf } from '../policy/window-scores.ts';
import type { Match } from './assess-matches.ts';

/** A phrase that is known to be an attack is as sure as a score gets. */
const SURE = 0.95;

/** A line for each filter, whether or not its category was found. */
export function* assessFilters(
  { content }: Pick<GuardrailSide, 'content'>,
  texts: readonly string[],
  { classifiers, matches }: { readonly classifiers: Classifiers; readonly matches: readonly Match[] },
): Generator<number, readonly AssessedFilter[]> {
  if (content.length === 0) return [];
  const scores = yield* scoresOf(content, texts, classifiers);
  const hasPhrase = matches.some(({ span }) => span.type === 'PROMPT_ATTACK');
  return content.map(({ type, strength, action }) => {
    const score = Math.max(scores.get(type) ?? 0, type === 'PROMPT_ATTACK' && hasPhrase ? SURE : 0);
    const detected = score >= leastScores[strength];
    return {
      type,
      confidence: toConfidence(score),
      filterStrength: strength,
      action: detected && action === 'BLOCK' ? 'BLOCKED' : 'NONE',
      detected,
    };
  });
}

function* scoresOf(
  content: readonly ContentRule[],
  texts: readonly string[],
  classifiers: Classifiers,
): Generator<number, ReadonlyMap<FilterType, number>> {
  const most = new Map<FilterType, number>();
  const note = (type: FilterType, score: number) => most.set(type, Math.max(most.get(type) ?? 0, score));
  const hasAttack = content.some(({ type }) => type === 'PROMPT_ATTACK');
  const hasContent = content.some(({ type }) => type !== 'PROMPT_ATTACK');
  for (const text of texts) {
    if (hasAttack) note('PROMPT_ATTACK', Math.max(...Object.values(yield* mostAttack(classifiers, text))));
    const found = hasContent ? yield* mostContent(classifiers, text) : undefined;
    for (const { type } of content) if (found !== undefined && type !== 'PROMPT_ATTACK') note(type, found[type]);
  }
  return most;
}

/** A line for each denied topic. */
export function* assessTopics(
  { topics }: Pick<GuardrailSide, 'topics'>,
  texts: readonly string[],
  classifiers: Pick<Classifiers, 'createWindows'>,
): Generator<number, readonly AssessedTopic[]> {
  const windows = topics.length === 0 ? [] : texts.flatMap((text) => windowTexts(classifiers, text));
  const lines: AssessedTopic[] = [];
  for (const topic of topics) {
    const detected = yield* isOnAny(topic, windows);
    const { name, action } = topic;
    lines.push({ name, type: 'DENY', action: detected && action === 'BLOCK' ? 'BLOCKED' : 'NONE', detected });
  }
  return lines;
}

function* isOnAny(topic: TopicRule, windows: readonly string[]): Generator<number, boolean> {
  for (const window of windows) {
    yield window.length;
    if (isOn(topic, window)) return true;
  }
  return false;
}

function windowTexts(classifiers: Pick<Classifiers, 'createWindows'>, text: string): readonly string[] {
  return windowsOf(classifiers, text).map(({ start, end }) => text.slice(start, end));
}

/** Whether a window is on a topic. */
function isOn({ score }: TopicRule, window: string): boolean {
  return score(window) >= 0.5;
}
