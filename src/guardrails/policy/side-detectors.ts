import type { FindingType } from '../../core/index.ts';
import type { Detector } from '../../detectors/index.ts';
import type { GuardrailSide } from './guardrail.ts';

/** The detectors that a guardrail's side needs: those of its types out of `known`, and its own. */
export function detectorsOf(side: GuardrailSide, known: readonly Detector[]): readonly Detector[] {
  const types = new Set<FindingType>(side.pii.keys());
  if (side.profanity !== undefined) types.add('PROFANITY');
  if (side.content.some(({ type }) => type === 'PROMPT_ATTACK')) types.add('PROMPT_ATTACK');
  const own = [...side.words, ...side.regexes].map(({ detector }) => detector);
  return [...known.filter(({ type }) => types.has(type)), ...own];
}
