import type { Action, Caller } from './exchange.ts';
import type { FindingType } from './finding.ts';
import type { ModelId } from './ids.ts';

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

/** Kinds of content that nobody here can inspect, and of references to content elsewhere. */
export type Uninspected = 'image' | 'audio' | 'video' | 'document' | 'url' | 's3Location' | 'fileId' | 'providerTool';

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
}
