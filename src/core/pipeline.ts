import { GatewayError } from './errors.ts';
import type { Cleared, Exchange } from './exchange.ts';
import type { Decision, Stage, StageDecision, Verdict } from './verdict.ts';

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
  for (const stage of stages) {
    const verdict = await verdictOf(stage, current, decided);
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

async function verdictOf(stage: Stage, exchange: Exchange, decided: readonly StageDecision[]): Promise<Outcome> {
  const abort = new AbortController();
  try {
    const pending = stage.run(exchange, abort.signal, [...decided]);
    const verdict = pending instanceof Promise ? await withTimeout(pending, stage.timeoutMs, abort) : pending;
    if (verdict.kind === 'rewrite' && verdict.parts.length !== exchange.parts.length) {
      return { kind: 'fault', error: new GatewayError('inspectionFailed') };
    }
    return verdict;
  } catch (cause) {
    const error = cause instanceof GatewayError ? cause : new GatewayError('inspectionFailed', { cause });
    return { kind: 'fault', error };
  }
}

async function withTimeout(pending: Promise<Verdict>, timeoutMs: number, abort: AbortController): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(new GatewayError('inspectionFailed'));
    }, timeoutMs);
  });
  try {
    return await Promise.race([pending, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
