import { isDeepStrictEqual } from 'node:util';
import {
  type AnswerEvent,
  type Caller,
  type Decision,
  type Exchange,
  type FaultCode,
  GatewayError,
  inspect,
  type Protocol,
  type ReadRequest,
  type RequestId,
  type Stage,
  toGatewayError,
} from '../../core/index.ts';
import type { Guarding } from '../guarding/guardings.ts';
import { createCallSignal } from '../passage/call-signal.ts';
import { createOuterDoor, invokeModel } from '../passage/outer-door.ts';
import type { PassageOptions } from '../passage/passage.ts';
import { parseFirstEvent, parseLaterEvent } from './step-event.ts';
import { createStepRecorder, type StepRecorderOptions } from './step-recorder.ts';
import { asRewritten, createStepRequests, nobody } from './step-request.ts';
import type { Execution, Phase, SaidAnswer, ScannedAnswer, StepState } from './step-state.ts';

export interface StepsOptions extends Omit<PassageOptions, 'upstreamTimeoutMs'>, StepRecorderOptions {
  readonly protocols: readonly Protocol[];
  /** Who stands behind each state machine, by its ARN. */
  readonly callers: ReadonlyMap<string, Caller>;
  readonly maxBodyBytes: number;
  /** Gives that many random bytes. */
  readonly random: (length: number) => Uint8Array;
}

/** What a step gives back to the workflow: names and numbers, no content. */
export interface StepResult {
  readonly requestId: RequestId;
  /** A request that is `refused` is recorded, with its reply, and ends there. */
  readonly outcome: 'cleared' | 'refused';
  /** Where the masked texts lie, from `guard` on. */
  readonly sanitised?: string;
  /** Where the reply lies, in the caller's protocol, and its HTTP status, once there is one. */
  readonly reply?: { readonly key: string; readonly status: number };
  /** The receipt of the request's record, once there is one. */
  readonly record?: string;
}

/** One step of the workflow. `remainingMs` is what is left of the time it has. */
export type Step = (event: unknown, remainingMs: number) => Promise<StepResult>;

export interface Steps {
  /** Reads the request, takes the text out of its documents, finds and masks. */
  readonly sanitise: Step;
  /** Refuses on what was found, asks the policies, which now know it, and puts the masked texts down. */
  readonly guard: Step;
  /** Makes durable what there is to record: the request before the model is called, the response before it is put down. */
  readonly record: Step;
  /** Calls the model. */
  readonly invoke: Step;
  /** Looks through the answer. */
  readonly scan: Step;
}

interface Work {
  readonly place: Execution;
  readonly caller: Caller;
}

/** Stages that the first step runs; the others are the second's. */
const SANITISING = new Set(['detect', 'classify', 'quarantine', 'mask']);
/** Left of a step's time for keeping what the model said, or that it said nothing. */
const MARGIN_MS = 10_000;

/** From where each phase is reached. */
const BEFORE = {
  guarded: 'sanitised',
  recorded: 'guarded',
  answered: 'recorded',
  scanned: 'answered',
  released: 'scanned',
} as const satisfies Partial<Record<Phase, Phase>>;

/**
 * The passage in steps, for a workflow that has steps of its own between them. States are sealed and lie in a bucket;
 * whoever runs the workflow can leave a step out, and gets nowhere.
 *
 * INVARIANT: what the model is called with comes out of the whole input side, run anew in that very step over the request
 * as it came, and is what was recorded; or the model is not called.
 *
 * Each step may be tried again: what was done is found, and not done twice. Rejects with a `GatewayError` or a
 * `StepEventError`.
 */
export function createSteps(options: StepsOptions): Steps {
  const { places, providers } = options;
  const recorder = createStepRecorder(options);
  const requests = createStepRequests(options);

  function callerOf({ stateMachine }: Execution): Caller {
    const caller = options.callers.get(stateMachine);
    if (caller === undefined) throw new GatewayError('unauthenticated');
    return caller;
  }

  function guardingFor({ guardrail }: ReadRequest, caller: Caller): Guarding {
    return options.guardingOf(guardrail === undefined ? { caller } : { caller, guardrail });
  }

  /** Gives what a phase came to: what an earlier try has left, or what `work` makes of the phase before. */
  async function reach(
    event: unknown,
    phase: keyof typeof BEFORE,
    work: (state: StepState, at: Work) => Promise<StepState>,
  ): Promise<StepResult> {
    const place = parseLaterEvent(event);
    const caller = callerOf(place);
    const there = await places.find(place, phase);
    if (there !== undefined) return toResult(there);
    const before = await places.find(place, BEFORE[phase]);
    if (before === undefined) throw new GatewayError('invalidRequest', { detail: `it is not ${BEFORE[phase]} yet` });
    return toResult(await places.keep(place, phase, await work(before, { place, caller })));
  }

  async function sanitise(event: unknown): Promise<StepResult> {
    const first = parseFirstEvent(event);
    const caller = callerOf(first);
    const there = await places.find(first, 'sanitised');
    if (there !== undefined) return toResult(there);
    if (!options.journal.isAvailable()) throw new GatewayError('journalUnavailable');
    const sent = await requests.fetch(first, caller);
    const { exchange, read } = await requests.read(sent, caller);
    const own = guardingFor(read, caller).stages.filter(({ name }) => SANITISING.has(name));
    const decision = await inspect(own, exchange);
    const { parts } = decision.exchange;
    const rewritten = parts === exchange.parts ? {} : { rewritten: parts };
    return toResult(await places.keep(first, 'sanitised', { ...sent, ...decided([], decision), ...rewritten }));
  }

  async function guard(state: StepState, { caller }: Work): Promise<StepState> {
    if (state.refusal !== undefined) return state;
    const { exchange, read } = await requests.read(state, caller);
    const own = guardingFor(read, caller).stages.filter(({ name }) => !SANITISING.has(name));
    const decision = await inspect(own, { ...exchange, findings: state.findings });
    const guarded = { ...state, ...decided(state.stages, decision) };
    return decision.kind === 'allow' ? recorder.putSanitised(guarded, exchange) : guarded;
  }

  async function invoke(state: StepState, { place, caller }: Work, remainingMs: number): Promise<SaidAnswer> {
    if (state.refusal !== undefined || state.recorded === undefined) {
      throw new GatewayError('invalidRequest', { detail: 'it was refused' });
    }
    const { exchange, read } = await requests.read(state, caller);
    const decision = await inspect(
      [...guardingFor(read, caller).stages, asRecorded(asRewritten(exchange, state))],
      exchange,
    );
    if (decision.kind !== 'allow') throw new GatewayError('inspectionFailed');
    const provider = providers.get(decision.exchange.model.provider);
    if (provider === undefined) throw new GatewayError('internal');
    // Whether a try that ended without a trace has called the model, nobody knows: it is not called twice.
    if (!(await places.claim(place, 'answered'))) return unsaid('upstreamInterrupted');
    const called = createCallSignal(nobody, Math.max(1, remainingMs - MARGIN_MS));
    const events: AnswerEvent[] = [];
    try {
      const answer = await invokeModel(provider, decision.exchange, called.signal);
      for await (const batch of answer.events) events.push(...batch);
      const { providerRequestId, dropped } = answer;
      const named = providerRequestId === undefined ? {} : { providerRequestId };
      return { events, ...named, dropped: dropped?.() ?? 0 };
    } catch (cause) {
      return { ...unsaid(called.isLate ? 'upstreamTimeout' : toGatewayError(cause).code), events };
    } finally {
      called.release();
    }
  }

  async function scan(state: StepState, { caller }: Work): Promise<ScannedAnswer> {
    const { answer } = state;
    if (answer === undefined) throw new GatewayError('internal');
    const { exchange, read } = await requests.read(state, caller);
    const guarding = guardingFor(read, caller);
    const door = createOuterDoor(asRewritten(exchange, state), { ...options, guarding });
    const pushed = door.push(answer.events);
    // What broke off is not looked at to its end, and nothing of it leaves.
    if (answer.code !== undefined) return { events: [], findings: pushed.findings };
    if (pushed.blocked !== undefined) return pushed;
    const last = door.end();
    return {
      ...last,
      events: [...pushed.events, ...last.events],
      findings: [...pushed.findings, ...last.findings],
    };
  }

  return {
    sanitise,
    guard: (event) => reach(event, 'guarded', guard),
    async record(event) {
      const isAnswered = (await places.find(parseLaterEvent(event), 'scanned')) !== undefined;
      const record = isAnswered ? recorder.recordResponse : recorder.recordRequest;
      return reach(event, isAnswered ? 'released' : 'recorded', async (state, { place, caller }) =>
        record(state, await requests.read(state, caller), place),
      );
    },
    invoke: (event, remainingMs) =>
      reach(event, 'answered', async (state, work) => ({ ...state, answer: await invoke(state, work, remainingMs) })),
    scan: (event) => reach(event, 'scanned', async (state, work) => ({ ...state, scanned: await scan(state, work) })),
  };
}

/** Lets through what is word for word what the record has. */
function asRecorded(recorded: Exchange): Stage {
  return {
    name: 'as-recorded',
    timeoutMs: 1_000,
    run({ parts }) {
      if (!isDeepStrictEqual(parts, recorded.parts)) throw new GatewayError('inspectionFailed');
      return { kind: 'pass' };
    },
  };
}

function decided(before: StepState['stages'], decision: Decision): Pick<StepState, 'stages' | 'findings' | 'refusal'> {
  const state = { stages: [...before, ...decision.stages], findings: decision.exchange.findings };
  switch (decision.kind) {
    case 'allow':
      return state;
    case 'deny':
      return { ...state, refusal: { kind: 'blocked', blocked: decision.blocked } };
    case 'fault':
      return { ...state, refusal: { kind: 'fault', code: decision.error.code } };
    default:
      return decision satisfies never;
  }
}

function unsaid(code: FaultCode): SaidAnswer {
  return { events: [], dropped: 0, code };
}

function toResult({ requestId, refusal, sanitised, reply, recorded }: StepState): StepResult {
  return {
    requestId,
    outcome: refusal === undefined ? 'cleared' : 'refused',
    ...(sanitised === undefined ? {} : { sanitised }),
    ...(reply === undefined ? {} : { reply }),
    ...(recorded === undefined ? {} : { record: recorded.receipt }),
  };
}
