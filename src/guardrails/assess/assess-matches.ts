import type { AssessedEntity, AssessedRegex, AssessedWord, PiiEntityType, Span } from '../../core/index.ts';
import type { GuardrailAction, GuardrailSide } from '../policy/guardrail.ts';
import type { AssessmentView } from './evaluate.ts';

/** Something that a detector found, and in which text. */
export interface Match {
  readonly text: string;
  readonly span: Span;
}

const ACTIONS = { BLOCK: 'BLOCKED', ANONYMIZE: 'ANONYMIZED', NONE: 'NONE' } as const;

type View = Pick<AssessmentView, 'isExact' | 'isFull'>;

/** A line for each word that was found. */
export function assessWords({ words }: GuardrailSide, matches: readonly Match[], view: View): readonly AssessedWord[] {
  return words.flatMap(({ detector, action }) =>
    matchedTexts(matches, ({ span }) => span.detector === detector.name, view).map((match) => ({
      match,
      action: blockedOrNone(action),
      detected: true,
    })),
  );
}

/** A line for each word of the managed list that was found. */
export function assessProfanity(
  { profanity }: GuardrailSide,
  matches: readonly Match[],
  view: View,
): readonly (AssessedWord & { readonly type: 'PROFANITY' })[] {
  if (profanity === undefined) return [];
  return matchedTexts(matches, ({ span }) => span.type === 'PROFANITY', view).map((match) => ({
    match,
    type: 'PROFANITY',
    action: blockedOrNone(profanity),
    detected: true,
  }));
}

/** A line for each value that was found, and in a full view one for each type that was not. */
export function assessEntities(
  { pii }: GuardrailSide,
  matches: readonly Match[],
  view: View,
): readonly AssessedEntity[] {
  return [...pii].flatMap(([type, action]) => {
    const found = matchedTexts(matches, ({ span }) => span.type === type, view);
    if (found.length === 0) return [notFound(type)];
    return found.map((match) => ({ match, type, action: ACTIONS[action], detected: true }));
  });
}

function notFound(type: PiiEntityType): AssessedEntity {
  return { match: '', type, action: 'NONE', detected: false };
}

/** A line for each text that a pattern took. */
export function assessRegexes(
  { regexes }: GuardrailSide,
  matches: readonly Match[],
  view: View,
): readonly AssessedRegex[] {
  return regexes.flatMap(({ detector, name = '', pattern = '', action }) =>
    matchedTexts(matches, ({ span }) => span.detector === detector.name, view).map((match) => ({
      name,
      match,
      regex: pattern,
      action: ACTIONS[action],
      detected: true,
    })),
  );
}

/** What was matched, each text once; or, for who may not see it, one tag. */
function matchedTexts(
  matches: readonly Match[],
  isWanted: (match: Match) => boolean,
  { isExact }: View,
): readonly string[] {
  const wanted = matches.filter(isWanted);
  const told = wanted.map(({ text, span }) => (isExact ? text.slice(span.start, span.end) : `{${span.type}}`));
  return [...new Set(told)];
}

function blockedOrNone(action: GuardrailAction): 'BLOCKED' | 'NONE' {
  return action === 'BLOCK' ? 'BLOCKED' : 'NONE';
}
