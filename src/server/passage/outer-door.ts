import type {
  AnswerEvent,
  Cleared,
  Exchange,
  OutputGuard,
  Provider,
  ProviderAnswer,
  Released,
} from '../../core/index.ts';
import { createCountGuard } from '../../guardrails/index.ts';
import type { Guarding } from '../guarding/guardings.ts';
import { createChoicesGuard, invokeChoices } from './choices.ts';
import { createCitationMap } from './cited-offsets.ts';
import { createAnswerSealer, type ReasoningSeals } from './reasoning-seal.ts';

/** Calls the model, as often as answers were asked for. */
export function invokeModel(provider: Provider, exchange: Cleared, signal: AbortSignal): Promise<ProviderAnswer> {
  const choices = choicesOf(exchange);
  return choices === 1 ? provider.invoke(exchange, signal) : invokeChoices(provider, { exchange, choices }, signal);
}

interface OuterDoorOptions {
  readonly guarding: Pick<Guarding, 'createOutputGuard' | 'createWatches'>;
  readonly seals: ReasoningSeals;
}

/** What an exchange's answer goes through: the output guard, then the last touch on what that lets out. */
export function createOuterDoor(exchange: Exchange, { guarding, seals }: OuterDoorOptions): OutputGuard {
  const guard = createGuard(exchange, guarding);
  const finish = createFinishing(exchange, seals);
  return {
    push: (events) => finish(events, guard.push(events)),
    end: () => finish([], guard.end()),
  };
}

function choicesOf({ request }: Exchange): number {
  return request.kind === 'conversation' || request.kind === 'completion' ? (request.inference.choices ?? 1) : 1;
}

function createGuard(exchange: Exchange, guarding: OuterDoorOptions['guarding']): OutputGuard {
  const { request } = exchange;
  if (request.kind === 'tokenCount') return createCountGuard();
  const format = isJsonAskedFor(request) ? 'json' : undefined;
  const create = () => guarding.createOutputGuard(format, guarding.createWatches(exchange));
  return choicesOf(exchange) === 1 ? create() : createChoicesGuard(create);
}

function isJsonAskedFor(request: Exchange['request']): boolean {
  return 'inference' in request && request.inference.outputFormat !== undefined;
}

/** Reasoning sealed, citations at the offsets of the caller's document. */
function createFinishing(
  exchange: Exchange,
  seals: ReasoningSeals,
): (said: readonly AnswerEvent[], released: Released) => Released {
  const sealer = createAnswerSealer(seals, exchange);
  const mapCitations = createCitationMap(exchange);
  return (said, released) => {
    sealer.note(said);
    const events = mapCitations(sealer.seal(released.events));
    return events === released.events ? released : { ...released, events };
  };
}
