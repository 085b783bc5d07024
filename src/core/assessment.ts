import type { PiiEntityType } from './finding.ts';

/**
 * What guardrails make of content, in the shapes of Amazon Bedrock Runtime's service model (`GuardrailAssessment`), API
 * version 2023-09-30.
 */
export interface GuardrailAssessment {
  readonly topicPolicy?: { readonly topics: readonly AssessedTopic[] };
  readonly contentPolicy?: { readonly filters: readonly AssessedFilter[] };
  readonly wordPolicy?: {
    readonly customWords: readonly AssessedWord[];
    readonly managedWordLists: readonly (AssessedWord & { readonly type: 'PROFANITY' })[];
  };
  readonly sensitiveInformationPolicy?: {
    readonly piiEntities: readonly AssessedEntity[];
    readonly regexes: readonly AssessedRegex[];
  };
  readonly contextualGroundingPolicy?: { readonly filters: readonly AssessedGrounding[] };
  readonly invocationMetrics?: {
    /** Milliseconds. */
    readonly guardrailProcessingLatency: number;
    readonly usage: GuardrailUsage;
    readonly guardrailCoverage: GuardrailCoverage;
  };
  readonly appliedGuardrailDetails?: AppliedGuardrail;
}

interface Assessed<Action extends string> {
  readonly action: Action;
  /** Whether it was found, whatever is done about it. */
  readonly detected: boolean;
}

type BlockedOrNone = 'BLOCKED' | 'NONE';
type SensitiveAction = 'ANONYMIZED' | BlockedOrNone;

export interface AssessedTopic extends Assessed<BlockedOrNone> {
  readonly name: string;
  readonly type: 'DENY';
}

type Level = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH';

export interface AssessedFilter extends Assessed<BlockedOrNone> {
  readonly type: 'INSULTS' | 'HATE' | 'SEXUAL' | 'VIOLENCE' | 'MISCONDUCT' | 'PROMPT_ATTACK';
  readonly confidence: Level;
  readonly filterStrength: Level;
}

export interface AssessedWord extends Assessed<BlockedOrNone> {
  readonly match: string;
}

export interface AssessedEntity extends Assessed<SensitiveAction> {
  readonly match: string;
  readonly type: PiiEntityType;
}

export interface AssessedRegex extends Assessed<SensitiveAction> {
  readonly name: string;
  readonly match: string;
  readonly regex: string;
}

export interface AssessedGrounding extends Assessed<BlockedOrNone> {
  readonly type: 'GROUNDING' | 'RELEVANCE';
  readonly threshold: number;
  readonly score: number;
}

/** Text units by policy: one for each 1,000 characters that were begun. */
export interface GuardrailUsage {
  readonly topicPolicyUnits: number;
  readonly contentPolicyUnits: number;
  readonly wordPolicyUnits: number;
  readonly sensitiveInformationPolicyUnits: number;
  /** Of regexes. */
  readonly sensitiveInformationPolicyFreeUnits: number;
  readonly contextualGroundingPolicyUnits: number;
}

export interface GuardrailCoverage {
  readonly textCharacters: { readonly guarded: number; readonly total: number };
}

export interface AppliedGuardrail {
  readonly guardrailId: string;
  readonly guardrailVersion: string;
  /** `REQUEST`: the caller named it. `ACCOUNT_ENFORCED`: whoever runs the gateway did. */
  readonly guardrailOrigin: readonly ('REQUEST' | 'ACCOUNT_ENFORCED')[];
  readonly guardrailOwnership: 'SELF';
}

/** What guardrails made of an exchange, by their ids; `GuardrailTraceAssessment` there. */
export interface GuardrailTrace {
  /** What the model said, where a guardrail has put something else in its place and the caller may see it. */
  readonly modelOutput?: readonly string[];
  readonly inputAssessment?: Readonly<Record<string, GuardrailAssessment>>;
  readonly outputAssessments?: Readonly<Record<string, readonly GuardrailAssessment[]>>;
  readonly actionReason?: string;
}
