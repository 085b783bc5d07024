import type {
  AnswerEvent,
  AssessedText,
  Exchange,
  GuardrailAssessment,
  GuardrailResult,
  GuardrailTrace,
  Part,
  Qualifier,
} from '../../core/index.ts';
import { maskText } from '../../deidentify/index.ts';
import type { Detector } from '../../detectors/index.ts';
import { type Classifiers, evaluate, type Guardrail } from '../../guardrails/index.ts';
import { inTurns } from './turns.ts';

export interface TraceParts {
  /** Those that applied, in order. */
  readonly guardrails: readonly Guardrail[];
  /** By id: those the caller named. */
  readonly named: string | undefined;
  readonly detectors: readonly Detector[];
  readonly classifiers: Classifiers;
  /** Whether what was not found is told, too. */
  readonly isFull: boolean;
  /** Whether matched text, scores and what the model said are told as they are. */
  readonly isExact: boolean;
}

/** What an exchange came to. */
export interface Traced {
  /** As the caller sent it. */
  readonly exchange: Exchange;
  /** What the model said; absent where it was not asked. */
  readonly said?: readonly AnswerEvent[];
  readonly isBlocked: boolean;
}

/** What guardrails made of an exchange, by a second look at it: most exchanges are not traced, and pay nothing. */
export async function traceOf({ exchange, said, isBlocked }: Traced, parts: TraceParts): Promise<GuardrailTrace> {
  const input = exchange.parts.filter(isSpoken).map(toText);
  const answer = said === undefined ? undefined : textOf(said);
  const output = answer === undefined || answer === '' ? undefined : [...input.filter(hasMeasure), { text: answer }];
  const inputs: Record<string, GuardrailAssessment> = {};
  const outputs: Record<string, readonly GuardrailAssessment[]> = {};
  let hasMasked = false;
  for (const guardrail of parts.guardrails) {
    const before = await assess(guardrail, { side: 'input', content: input.map(withoutMarks) }, parts);
    inputs[guardrail.id] = before.assessment;
    hasMasked ||= before.outcome === 'ANONYMIZE';
    if (output === undefined) continue;
    const behind = await assess(guardrail, { side: 'output', content: output }, parts);
    outputs[guardrail.id] = [behind.assessment];
    hasMasked ||= behind.outcome === 'ANONYMIZE';
  }
  return {
    ...(isBlocked && parts.isExact && answer !== undefined ? { modelOutput: [answer] } : {}),
    inputAssessment: inputs,
    ...(output === undefined ? {} : { outputAssessments: outputs }),
    actionReason: isBlocked ? 'Guardrail blocked.' : hasMasked ? 'Guardrail masked.' : 'No action.',
  };
}

interface Side {
  readonly side: 'input' | 'output';
  readonly content: readonly AssessedText[];
}

async function assess(
  guardrail: Guardrail,
  { side, content }: Side,
  { detectors, classifiers, isFull, isExact, named }: TraceParts,
): Promise<Pick<GuardrailResult, 'outcome' | 'assessment'>> {
  const started = performance.now();
  const view = { isFull, isExact };
  const { outcome, assessment, usage, coverage } = await inTurns(
    evaluate(guardrail, { side, content }, { detectors, classifiers, mask: maskText, view }),
  );
  return {
    outcome,
    assessment: {
      ...assessment,
      invocationMetrics: {
        guardrailProcessingLatency: Math.round(performance.now() - started),
        usage,
        guardrailCoverage: coverage,
      },
      appliedGuardrailDetails: {
        guardrailId: guardrail.id,
        guardrailVersion: guardrail.version,
        guardrailOrigin: [guardrail.id === named ? 'REQUEST' : 'ACCOUNT_ENFORCED'],
        guardrailOwnership: 'SELF',
      },
    },
  };
}

/** What somebody says, or somebody's document or tool does. */
function isSpoken({ origin, kind }: Part): boolean {
  return kind !== 'identifier' && SPOKEN.has(origin);
}

const SPOKEN: ReadonlySet<Part['origin']> = new Set(['user', 'assistant', 'document', 'toolResult', 'toolCall']);
const MEASURES: ReadonlySet<Qualifier> = new Set(['grounding_source', 'query']);

function toText({ text, qualifiers }: Part): AssessedText {
  return qualifiers === undefined ? { text } : { text, qualifiers };
}

/** All of a request is looked at, whatever the caller marked it as. */
function withoutMarks({ text }: AssessedText): AssessedText {
  return { text };
}

function hasMeasure({ qualifiers = [] }: AssessedText): boolean {
  return qualifiers.some((qualifier) => MEASURES.has(qualifier));
}

function textOf(said: readonly AnswerEvent[]): string {
  return said.map((event) => (event.kind === 'delta' ? event.text : '')).join('');
}
