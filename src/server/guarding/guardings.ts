import {
  type Authorizer,
  type Caller,
  type ContentPolicy,
  GatewayError,
  type GuardrailTrace,
  type NamedGuardrail,
  type Stage,
} from '../../core/index.ts';
import { maskStage, maskText } from '../../deidentify/index.ts';
import type { Detector } from '../../detectors/index.ts';
import {
  type Classifiers,
  type CreateOutputGuard,
  type CreateWatches,
  classifyStage,
  createOutputGuards,
  detectorsOf,
  detectStage,
  type Guardrail,
  guardInputStage,
  quarantineStage,
  toLayeredPolicy,
  toWatches,
} from '../../guardrails/index.ts';
import { contentAccessStage } from '../passage/stages.ts';
import type { GuardrailSet } from './guardrail-set.ts';
import { type Traced, traceOf } from './trace.ts';

/** What an exchange is held to on both sides of its model. */
export interface Guarding {
  /** The input side, less the record stage, which the passage adds. */
  readonly stages: readonly Stage[];
  readonly createOutputGuard: CreateOutputGuard;
  readonly createWatches: CreateWatches;
  /** What guardrails made of an exchange, as its caller may be told it. */
  trace(traced: Traced, named: NamedGuardrail): Promise<GuardrailTrace>;
}

/** Who asks, and the guardrail that the request names besides those that apply in any case. */
export interface Asked {
  readonly caller: Caller;
  readonly guardrail?: NamedGuardrail;
}

/** Throws `forbidden`, or `invalidRequest` for a guardrail that is not there. */
export type GuardingOf = (asked: Asked) => Guarding;

export interface GuardingsOptions {
  readonly authorizer: Authorizer;
  /** What holds whatever guardrails there are. */
  readonly policy: ContentPolicy;
  readonly guardrails: GuardrailSet;
  /** Every detector there is. */
  readonly detectors: readonly Detector[];
  readonly classifiers: Classifiers;
}

/** Joins what applies to each request; made once for each combination of guardrails. */
export function createGuardings(options: GuardingsOptions): GuardingOf {
  const made = new Map<string, Guarding>();
  return (asked) => {
    const guardrails = guardrailsFor(asked, options);
    const key = guardrails.map(({ id, version }) => `${id}:${version}`).join(' ');
    const known = made.get(key);
    if (known !== undefined) return known;
    const guarding = createGuarding(guardrails, options);
    made.set(key, guarding);
    return guarding;
  };
}

/** INVARIANT: what a caller names comes on top of what applies to it, and takes nothing away. */
function guardrailsFor(
  { caller, guardrail }: Asked,
  { authorizer, guardrails }: GuardingsOptions,
): readonly Guardrail[] {
  const applied = guardrails.appliedTo(caller);
  if (guardrail === undefined) return applied;
  const named = guardrails.find(guardrail);
  if (named === undefined) {
    throw new GatewayError('invalidRequest', { detail: 'there is no such guardrail, or no such version of it' });
  }
  const { allowed } = authorizer.decideAssessment({ caller, action: 'ApplyGuardrail', guardrail: named.id });
  if (!allowed) throw new GatewayError('forbidden');
  return applied.includes(named) ? applied : [...applied, named];
}

function createGuarding(
  guardrails: readonly Guardrail[],
  { authorizer, policy: base, detectors: known, classifiers, guardrails: set }: GuardingsOptions,
): Guarding {
  const policy = toLayeredPolicy(base, guardrails);
  const input = withOwn(known, guardrails, 'input');
  return {
    stages: [
      detectStage(input, policy),
      ...(guardrails.length === 0 ? [] : [classifyStage(guardrails, classifiers)]),
      guardInputStage(policy),
      quarantineStage(policy),
      maskStage(input, policy),
      contentAccessStage(authorizer, policy),
    ],
    createOutputGuard: createOutputGuards({ detectors: withOwn(known, guardrails, 'output'), policy, mask: maskText }),
    createWatches: toWatches({ guardrails, classifiers, policy: policy.output }),
    trace(traced, { identifier, version, trace }) {
      const { caller } = traced.exchange;
      const named = set.find({ identifier, version })?.id;
      const isExact = guardrails.every(
        ({ id }) => authorizer.decideAssessment({ caller, action: 'ReadExactAssessment', guardrail: id }).allowed,
      );
      return traceOf(traced, { guardrails, named, detectors: known, classifiers, isExact, isFull: trace === 'full' });
    },
  };
}

/** All detectors there are, and those of the guardrails' own words and patterns. */
function withOwn(
  known: readonly Detector[],
  guardrails: readonly Guardrail[],
  side: 'input' | 'output',
): readonly Detector[] {
  const own = guardrails.flatMap((guardrail) => detectorsOf(guardrail[side], []));
  return [...known, ...own];
}
