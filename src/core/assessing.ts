import type { GuardrailAssessment, GuardrailCoverage, GuardrailUsage } from './assessment.ts';
import type { PiiEntityType } from './finding.ts';
import type { RequestId } from './ids.ts';
import type { Part } from './part.ts';
import type { WireReply } from './protocol.ts';

/** What content filters tell apart: Amazon Bedrock Runtime, `GuardrailContentFilterType`. */
export const contentCategories = ['VIOLENCE', 'HATE', 'SEXUAL', 'MISCONDUCT', 'INSULTS'] as const;
export type ContentCategory = (typeof contentCategories)[number];

/** What attacks on a prompt are told apart as, there. */
export const attackCategories = ['JAILBREAK', 'PROMPT_INJECTION', 'PROMPT_LEAKAGE'] as const;
export type AttackCategory = (typeof attackCategories)[number];

/** As a caller names a guardrail: by id or ARN, and a version, which is a number or `DRAFT`. */
export interface GuardrailReference {
  readonly identifier: string;
  readonly version: string;
}

/** A guardrail that a request names, to be applied besides those that are in any case. */
export interface NamedGuardrail extends GuardrailReference {
  /** Whether the answer is to tell what guardrails found, and what they looked for and did not find. */
  readonly trace?: 'found' | 'full';
}

/** A text to be assessed, and what it is for. */
export interface AssessedText {
  readonly text: string;
  /** As Bedrock has them; without any it is guarded content. */
  readonly qualifiers?: readonly Qualifier[];
}

export const qualifiers = ['grounding_source', 'query', 'guard_content'] as const;
export type Qualifier = (typeof qualifiers)[number];

/** What `ApplyGuardrail` is asked for. */
export interface GuardrailCall {
  readonly guardrail: GuardrailReference;
  readonly side: 'input' | 'output';
  readonly content: readonly AssessedText[];
  /** Whether what was not found is told, too. */
  readonly isFull: boolean;
}

/** What it answers. */
export interface GuardrailResult {
  readonly outcome: 'BLOCK' | 'ANONYMIZE' | 'NONE';
  /** What may be shown in the place of the guarded texts; empty where nothing has to be. */
  readonly outputs: readonly string[];
  readonly assessment: GuardrailAssessment;
  readonly usage: GuardrailUsage;
  readonly coverage: GuardrailCoverage;
}

/** What `InvokeGuardrailChecks` is asked for. Checks that are not asked for are absent. */
export interface ChecksCall {
  readonly messages: readonly { readonly role: 'user' | 'assistant' | 'system'; readonly content: readonly string[] }[];
  readonly content?: readonly ContentCategory[];
  readonly attack?: readonly AttackCategory[];
  readonly entities?: readonly PiiEntityType[];
}

/** A value that was found; UTF-16 offsets in the text of its block, end exclusive. */
export interface CheckedEntity {
  readonly type: PiiEntityType;
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
  readonly message: number;
  readonly block: number;
}

/** What it answers: of what was asked for, every category, with scores from 0 to 1 and 0.5 the point of decision. */
export interface ChecksResult {
  readonly content?: Scored<ContentCategory>;
  readonly attack?: Scored<AttackCategory>;
  readonly entities?: {
    readonly found: readonly CheckedEntity[];
    readonly isTruncated: boolean;
    readonly units: number;
  };
}

export interface Scored<Category extends string> {
  readonly scores: readonly (readonly [category: Category, score: number])[];
  /** Text units: one for each 1,000 characters that were begun. */
  readonly units: number;
}

/** Texts to be told by content filters alone what they are, each for itself. */
export interface ModerationCall {
  readonly inputs: readonly string[];
}

export type ModerationResult = readonly Readonly<Record<ContentCategory, number>>[];

/** A request for an assessment; no model is called. `parts` are its texts, for the record. */
export type ReadAssessment = { readonly parts: readonly Part[] } & (
  | { readonly kind: 'guardrail'; readonly call: GuardrailCall; readonly write: Write<GuardrailResult> }
  | { readonly kind: 'checks'; readonly call: ChecksCall; readonly write: Write<ChecksResult> }
  | { readonly kind: 'moderation'; readonly call: ModerationCall; readonly write: Write<ModerationResult> }
);

/** Writes an answer in the protocol's form. */
export type Write<Result> = (result: Result, requestId: RequestId) => WireReply;
