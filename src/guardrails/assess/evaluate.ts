import type { AssessedText, GuardrailAssessment, GuardrailCall, GuardrailResult } from '../../core/index.ts';
import { type Detector, scanApart, scanPart } from '../../detectors/index.ts';
import type { Mask } from '../held-text.ts';
import type { Classifiers } from '../policy/classifiers.ts';
import type { Guardrail, GuardrailAction, GuardrailSide } from '../policy/guardrail.ts';
import { detectorsOf } from '../policy/side-detectors.ts';
import { assessGrounding } from './assess-grounding.ts';
import { assessEntities, assessProfanity, assessRegexes, assessWords, type Match } from './assess-matches.ts';
import { assessFilters, assessTopics } from './assess-windows.ts';
import { toUsage } from './usage.ts';

/** How much of an assessment is told. */
export interface AssessmentView {
  /** Whether what was not found is told, too. */
  readonly isFull: boolean;
  /** Whether matched text is told, and scores as they are. Otherwise a tag, and steps, which help nobody to creep below a threshold. */
  readonly isExact: boolean;
}

export interface EvaluationOptions {
  /** Every detector there is. */
  readonly detectors: readonly Detector[];
  readonly classifiers: Classifiers;
  readonly mask: Mask;
  readonly view: AssessmentView;
}

/**
 * Assesses content as Amazon Bedrock's `ApplyGuardrail` does. Yields how many units of text each step has cost, for a
 * caller that has other work to do.
 */
export function* evaluate(
  guardrail: Guardrail,
  { side, content }: Pick<GuardrailCall, 'side' | 'content'>,
  options: EvaluationOptions,
): Generator<number, GuardrailResult> {
  const { classifiers, view, mask } = options;
  const rules = guardrail[side];
  const guarded = content.filter(isGuarded).map(({ text }) => text);
  const detectors = detectorsOf(rules, options.detectors);
  const matches: Match[] = [];
  for (const text of guarded) for (const span of yield* scanApart(detectors, text)) matches.push({ text, span });
  const lines = {
    topics: yield* assessTopics(rules, guarded, classifiers),
    filters: yield* assessFilters(rules, guarded, { classifiers, matches }),
    customWords: assessWords(rules, matches, view),
    managedWordLists: assessProfanity(rules, matches, view),
    piiEntities: assessEntities(rules, matches, view),
    regexes: assessRegexes(rules, matches, view),
    grounding: assessGrounding(rules, { content, guarded }, { classifiers, view }),
  };
  const outcome = outcomeOf(Object.values(lines).flat());
  return {
    outcome,
    outputs: outputsOf(outcome, guarded, { rules, detectors, mask }),
    assessment: toAssessment(lines, view),
    usage: toUsage(rules, guarded),
    coverage: { textCharacters: { guarded: unitsOf(guarded), total: unitsOf(content.map(({ text }) => text)) } },
  };
}

/** Sources and queries are read for grounding alone, unless they are marked as guarded content, too. */
function isGuarded({ qualifiers = [] }: AssessedText): boolean {
  return qualifiers.length === 0 || qualifiers.includes('guard_content');
}

function unitsOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

/** A line of an assessment. */
interface Line {
  readonly action: 'BLOCKED' | 'ANONYMIZED' | 'NONE';
  readonly detected: boolean;
}

function outcomeOf(lines: readonly Line[]): GuardrailAction {
  if (lines.some(({ action }) => action === 'BLOCKED')) return 'BLOCK';
  return lines.some(({ action }) => action === 'ANONYMIZED') ? 'ANONYMIZE' : 'NONE';
}

interface Masking {
  readonly rules: GuardrailSide;
  readonly detectors: readonly Detector[];
  readonly mask: Mask;
}

function outputsOf(outcome: GuardrailAction, guarded: readonly string[], masking: Masking): readonly string[] {
  if (outcome === 'BLOCK') return [masking.rules.message];
  return outcome === 'ANONYMIZE' ? guarded.map((text) => masked(text, masking)) : [];
}

function masked(text: string, { rules, detectors, mask }: Masking): string {
  const masking = detectors.filter(({ type, name }) => rules.actionOn({ type, detector: name }) === 'ANONYMIZE');
  return mask(text, scanPart(masking, { kind: 'text', text }), 'text') ?? rules.message;
}

interface Lines {
  readonly topics: NonNullable<GuardrailAssessment['topicPolicy']>['topics'];
  readonly filters: NonNullable<GuardrailAssessment['contentPolicy']>['filters'];
  readonly customWords: NonNullable<GuardrailAssessment['wordPolicy']>['customWords'];
  readonly managedWordLists: NonNullable<GuardrailAssessment['wordPolicy']>['managedWordLists'];
  readonly piiEntities: NonNullable<GuardrailAssessment['sensitiveInformationPolicy']>['piiEntities'];
  readonly regexes: NonNullable<GuardrailAssessment['sensitiveInformationPolicy']>['regexes'];
  readonly grounding: NonNullable<GuardrailAssessment['contextualGroundingPolicy']>['filters'];
}

/** Policies that have nothing to tell are left out, as Bedrock does. */
function toAssessment(lines: Lines, { isFull }: AssessmentView): GuardrailAssessment {
  const told = <Each extends Line>(all: readonly Each[]) => (isFull ? all : all.filter(({ detected }) => detected));
  const topics = told(lines.topics);
  const filters = told(lines.filters);
  const [customWords, managedWordLists] = [told(lines.customWords), told(lines.managedWordLists)];
  const [piiEntities, regexes] = [told(lines.piiEntities), told(lines.regexes)];
  return {
    ...(topics.length === 0 ? {} : { topicPolicy: { topics } }),
    ...(filters.length === 0 ? {} : { contentPolicy: { filters } }),
    ...(customWords.length + managedWordLists.length === 0 ? {} : { wordPolicy: { customWords, managedWordLists } }),
    ...(piiEntities.length + regexes.length === 0 ? {} : { sensitiveInformationPolicy: { piiEntities, regexes } }),
    // Its scores are told whether or not they are below.
    ...(lines.grounding.length === 0 ? {} : { contextualGroundingPolicy: { filters: lines.grounding } }),
  };
}
