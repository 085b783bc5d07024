import { decode, encode } from 'cborg';
import {
  type AnswerEvent,
  type Blocked,
  type FaultCode,
  type Finding,
  type Part,
  parseRequestId,
  type RequestId,
  type Span,
  type StageDecision,
} from '../../core/index.ts';
import type { SealedBox } from '../sealed-box.ts';

/** What has been done to a request, in order. A step takes what the one before it left, and nothing else. */
export const phases = ['sanitised', 'guarded', 'recorded', 'answered', 'scanned', 'released'] as const;

export type Phase = (typeof phases)[number];

/** The execution of a state machine that a request goes through: ARNs that the service itself vouches for. */
export interface Execution {
  readonly stateMachine: string;
  readonly execution: string;
}

/** Why a request goes no further. What is refused is recorded too. */
export type Refusal =
  | { readonly kind: 'blocked'; readonly blocked: Blocked }
  | { readonly kind: 'fault'; readonly code: FaultCode };

/** A request on its way from step to step. Every step reads it anew from its bytes: it is small, and can be no other. */
export interface StepState {
  readonly requestId: RequestId;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly stages: readonly StageDecision[];
  readonly findings: readonly Finding[];
  /** Absent where no stage rewrote anything. */
  readonly rewritten?: readonly Part[];
  readonly refusal?: Refusal;
  /** Where the masked texts lie, once they are let through. */
  readonly sanitised?: string;
  /** Of the request's record, once it is durable. */
  readonly recorded?: { readonly leafHash: Uint8Array; readonly receipt: string };
  readonly answer?: SaidAnswer;
  readonly scanned?: ScannedAnswer;
  /** Where the reply lies, at the end. */
  readonly reply?: { readonly key: string; readonly status: number };
}

/** What the model said, or why it said nothing. */
export interface SaidAnswer {
  readonly events: readonly AnswerEvent[];
  readonly providerRequestId?: string;
  readonly dropped: number;
  readonly code?: FaultCode;
}

/** What of it may leave. */
export interface ScannedAnswer {
  readonly events: readonly AnswerEvent[];
  readonly findings: readonly Span[];
  readonly blocked?: Blocked;
}

/** A state as it lies between two steps: nobody but a gateway with this key ring can read or make one. */
export function sealState(box: SealedBox, state: StepState, place: Execution & { readonly phase: Phase }): Buffer {
  return box.seal(encode(withoutUndefined(state)), toScope(place));
}

/** Throws where the bytes are not the state of this execution after this phase. */
export function openState(box: SealedBox, sealed: Uint8Array, place: Execution & { readonly phase: Phase }): StepState {
  // What `sealState` wrote, authenticated: a shape to check here could only disagree with it.
  const state: StepState = decode(box.open(sealed, toScope(place)));
  return { ...state, requestId: parseRequestId(state.requestId) };
}

function toScope({ stateMachine, execution, phase }: Execution & { readonly phase: Phase }): Buffer {
  return Buffer.from(JSON.stringify([stateMachine, execution, phase]));
}

/** CBOR has `undefined`, and objects with members that are not there would come back with them. */
function withoutUndefined(state: StepState): object {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}
