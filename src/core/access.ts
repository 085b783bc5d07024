import type { Uninspected } from './conversation.ts';
import type { Action, AssessingAction, Caller } from './exchange.ts';
import type { FindingType } from './finding.ts';
import type { ModelId } from './ids.ts';
import type { ActKind, BodyView, RecordOwner } from './record.ts';

/** A question to the policies. The content classes are known only the second time it is asked. */
export interface AccessRequest {
  readonly caller: Pick<Caller, 'tenant' | 'principal'>;
  readonly action: Action;
  readonly model: ModelId;
  /** Classes found in the prompt, and those that remain after rewriting. */
  readonly content?: { readonly found: readonly FindingType[]; readonly remaining: readonly FindingType[] };
  /** What would go out uninspected; with the two `SendUninspected…` actions. */
  readonly uninspected?: readonly Uninspected[];
}

/** A question about an assessment. */
export interface AssessmentAccessRequest {
  readonly caller: Pick<Caller, 'tenant' | 'principal'>;
  readonly action: AssessingAction;
  /** By its id. Absent of checks that need none. */
  readonly guardrail?: string;
}

export interface AccessDecision {
  readonly allowed: boolean;
  /** The policies that decided, by id. Empty where none permitted. */
  readonly policies: readonly string[];
  /** Set where evaluating a policy failed; the request is then denied whatever the others say. */
  readonly failed: boolean;
}

/** Decides who may do what. Pure over its policies; the same question always gets the same answer. */
export interface Authorizer {
  /** Changes whenever a policy, the schema or an entity does. */
  readonly version: string;
  decide(request: AccessRequest): AccessDecision;
  decideAssessment(request: AssessmentAccessRequest): AccessDecision;
}

/** A question to the policies about reading what a record holds. */
export interface ReadingRequest {
  /** Who reads, as they name themselves. */
  readonly operator: string;
  readonly view: BodyView;
  readonly record: {
    /** Of its exchange or act. */
    readonly id: string;
    readonly owner: RecordOwner;
    /** An exchange is a `request`, whichever of its records is read. */
    readonly type: 'request' | ActKind;
    /** That the request asked for. Absent of acts, and where the request is not there any more. */
    readonly model?: string;
  };
  readonly reason: string;
  /** Who approved it. Absent where nobody did. */
  readonly approver?: string;
}

/** Decides who may read what was said. Pure over its policies. */
export interface ReadingAuthorizer {
  /** Changes whenever a policy about reading, or the schema, does. */
  readonly version: string;
  decide(request: ReadingRequest): AccessDecision;
}
