import type { Blocked } from './answer.ts';
import { GatewayError } from './errors.ts';
import type { Cleared, Exchange } from './exchange.ts';
import type { Finding } from './finding.ts';
import type { Part } from './part.ts';

/** What a stage says of an exchange. */
export type Verdict =
  | { readonly kind: 'pass' }
  /** Found in the original text. Later stages read it from `Exchange.findings`. */
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  /** The same parts, in the same order, with other texts. */
  | { readonly kind: 'rewrite'; readonly parts: readonly Part[] }
  | { readonly kind: 'block'; readonly blocked: Blocked };

/** What a stage decided, for the record. */
export interface StageDecision {
  readonly stage: string;
  readonly decision: Verdict['kind'] | 'fault';
}

/** One step of the input side. It reads an exchange and returns a verdict; it cannot change, skip or call another. */
export interface Stage {
  readonly name: string;
  /** Milliseconds after which the stage counts as failed. */
  readonly timeoutMs: number;
  /** `signal` aborts when the time is over; `decided` is what the stages before this one said. */
  run(exchange: Exchange, signal: AbortSignal, decided: readonly StageDecision[]): Verdict | Promise<Verdict>;
}

/** What the whole input side decided. `exchange` is as the last stage that ran left it. */
export type Decision =
  | { readonly kind: 'allow'; readonly exchange: Cleared; readonly stages: readonly StageDecision[] }
  | {
      readonly kind: 'deny';
      readonly exchange: Exchange;
      readonly stages: readonly StageDecision[];
      readonly blocked: Blocked;
    }
  | {
      readonly kind: 'fault';
      readonly exchange: Exchange;
      readonly stages: readonly StageDecision[];
      readonly error: GatewayError;
    };

const cleared = new WeakSet<Exchange>();

/**
 * Runs the stages in order, each on what the one before it wrote. A stage that throws or overruns its time denies.
 *
 * INVARIANT: an empty list of stages clears nothing; a check that did not run is not a check that passed.
 */
export async function inspect(stages: readonly Stage[], exchange: Exchange): Promise<Decision> {
  const decided: StageDecision[] = [];
  let current = exchange;
  if (stages.length === 0) {
    return { kind: 'fault', exchange, stages: decided, error: new GatewayError('inspectionFailed') };
  }
  // One for all stages: the first whose time is over ends the inspection.
  const abort = new AbortController();
  for (const stage of stages) {
    const said = verdictOf(stage, { exchange: current, abort, decided });
    const verdict = said instanceof Promise ? await said : said;
    decided.push({ stage: stage.name, decision: verdict.kind });
    switch (verdict.kind) {
      case 'pass':
        break;
      case 'found':
        current = { ...current, findings: verdict.findings };
        break;
      case 'rewrite':
        current = { ...current, parts: verdict.parts };
        break;
      case 'block':
        return { kind: 'deny', exchange: current, stages: decided, blocked: verdict.blocked };
      case 'fault':
        return { kind: 'fault', exchange: current, stages: decided, error: verdict.error };
      default:
        // A stage that no compiler saw may say anything, `allow` included; what it says must not become the decision.
        verdict satisfies never;
        decided[decided.length - 1] = { stage: stage.name, decision: 'fault' };
        return { kind: 'fault', exchange: current, stages: decided, error: new GatewayError('inspectionFailed') };
    }
  }
  const result = current === exchange ? { ...exchange } : current;
  cleared.add(result);
  return { kind: 'allow', exchange: result as Cleared, stages: decided };
}

/** Throws unless `inspect` made this very exchange: the brand is erased at run time, so providers ask again. */
export function assertCleared(exchange: Exchange): asserts exchange is Cleared {
  if (!cleared.has(exchange)) throw new GatewayError('inspectionFailed');
}

type Outcome = Verdict | { readonly kind: 'fault'; readonly error: GatewayError };

interface Standing {
  readonly exchange: Exchange;
  readonly abort: AbortController;
  readonly decided: readonly StageDecision[];
}

/** What a stage says, checked; a promise of it only where the stage gave one. */
function verdictOf(stage: Stage, standing: Standing): Outcome | Promise<Outcome> {
  const { exchange, abort, decided } = standing;
  try {
    const said = stage.run(exchange, abort.signal, [...decided]);
    return said instanceof Promise ? verdictInTime(said, stage.timeoutMs, standing) : checked(said, exchange);
  } catch (cause) {
    return toFault(cause);
  }
}

async function verdictInTime(pending: Promise<Verdict>, timeoutMs: number, standing: Standing): Promise<Outcome> {
  const { exchange, abort } = standing;
  let timer: NodeJS.Timeout | undefined;
  try {
    const verdict = await new Promise<Verdict>((resolve, reject) => {
      timer = setTimeout(() => {
        abort.abort();
        reject(new GatewayError('inspectionFailed'));
      }, timeoutMs);
      pending.then(resolve, reject);
    });
    return checked(verdict, exchange);
  } catch (cause) {
    return toFault(cause);
  } finally {
    clearTimeout(timer);
  }
}

function checked(verdict: Verdict, { parts }: Exchange): Outcome {
  const isStretched = verdict.kind === 'rewrite' && verdict.parts.length !== parts.length;
  return isStretched ? toFault(undefined) : verdict;
}

function toFault(cause: unknown): Outcome {
  const error = cause instanceof GatewayError ? cause : new GatewayError('inspectionFailed', { cause });
  return { kind: 'fault', error };
}
