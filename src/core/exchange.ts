import type { GuardrailReference } from './assessing.ts';
import type { Brand } from './brand.ts';
import type { Conversation, DocumentBlock } from './conversation.ts';
import type { Finding } from './finding.ts';
import type { ModelId, PrincipalId, RequestId, TenantId } from './ids.ts';
import type { Inference } from './inference.ts';
import type { Part, PartIndex } from './part.ts';

export type ProtocolName = 'bedrock' | 'openai' | 'anthropic';

/**
 * What a caller does. The first four have the names of Amazon Bedrock's IAM actions, as have the two on guardrails. The
 * others are permitted only by a policy that names them: content that goes to a model uninspected, and assessments that
 * tell scores and matched text as they are.
 */
export type Action =
  | 'InvokeModel'
  | 'InvokeModelWithResponseStream'
  | 'CountTokens'
  | 'ListModels'
  | 'SendUninspectedMedia'
  | 'SendUninspectedReference'
  | 'ApplyGuardrail'
  | 'InvokeGuardrailChecks'
  | 'ReadExactAssessment';

/** The actions on a guardrail, or on the checks that need none. */
export type AssessingAction = Extract<Action, 'ApplyGuardrail' | 'InvokeGuardrailChecks' | 'ReadExactAssessment'>;

/** The actions that send a request to a model. */
export type InvokingAction = Extract<Action, 'InvokeModel' | 'InvokeModelWithResponseStream' | 'CountTokens'>;

/** A verified caller. INVARIANT: comes from the credential alone, never from the request's content. */
export interface Caller {
  readonly tenant: TenantId;
  readonly principal: PrincipalId;
  readonly credentialId: string;
  readonly credentialKind: 'apiKey' | 'sigv4';
}

/** A model the configuration offers. */
export interface Model {
  readonly id: ModelId;
  /** The provider that serves it, by the configuration's name. */
  readonly provider: string;
  /** The id the provider knows it by. */
  readonly providerModelId: string;
  /** That its provider is to apply, too. */
  readonly guardrail?: GuardrailReference;
  /** Whether the agreement with its provider allows content that the gateway cannot inspect. */
  readonly acceptsUninspected?: boolean;
}

/** A text to go on with, its turns written out by the caller in the model's own marks. */
export interface Completion {
  readonly kind: 'completion';
  readonly prompt: PartIndex;
  readonly inference: Inference;
}

export interface Embedding {
  readonly kind: 'embedding';
  readonly inputs: readonly PartIndex[];
  readonly dimensions?: number;
  readonly normalize?: boolean;
  /** What the vectors are for, for models that make a difference. */
  readonly inputType?: 'search_document' | 'search_query' | 'classification' | 'clustering';
  /** Which end of an input that is too long is cut off. */
  readonly truncate?: 'none' | 'start' | 'end';
}

/** How many tokens a request would take; nothing is generated. The answer is its usage alone. */
export interface TokenCount {
  readonly kind: 'tokenCount';
  readonly of: Conversation | Completion;
}

export type ModelRequest = Conversation | Completion | Embedding | TokenCount;

/** A file or media of a request. */
export interface SentFile {
  readonly kind: 'document' | 'image' | 'audio' | 'video';
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** A request on its way to a model. Plain data; a stage never changes it, it returns a verdict. */
export interface Exchange {
  readonly id: RequestId;
  readonly caller: Caller;
  readonly protocol: ProtocolName;
  /** The protocol's name for the operation, such as `ConverseStream` or `chat.completions`. */
  readonly operation: string;
  readonly action: InvokingAction;
  readonly model: Model;
  /** The caller's trace with a span of the gateway's (W3C Trace Context), in exact form. Absent where it told of none. */
  readonly traceparent?: string;
  readonly request: ModelRequest;
  readonly parts: readonly Part[];
  /** Files and media as the caller sent them, for the record; also those that do not go out. */
  readonly files?: readonly SentFile[];
  /** Found on the parts as the caller sent them. Empty until the detect stage has run. */
  readonly findings: readonly Finding[];
}

/** An exchange every stage has let through. Only `inspect` makes one; providers take nothing else. */
export type Cleared = Brand<Exchange, 'Cleared'>;

/** The text of a part. */
export function textOf(exchange: Pick<Exchange, 'parts'>, index: PartIndex): string {
  const part = exchange.parts[index];
  if (part === undefined) throw new RangeError('a request refers to a part it does not have');
  return part.text;
}

/** The file of a document, where it may go: it was let through, and nothing in its text had to be rewritten. */
export function fileOf(exchange: Pick<Exchange, 'parts'>, { bytes, text }: DocumentBlock): Uint8Array | undefined {
  return text.some((index) => exchange.parts[index]?.edits !== undefined) ? undefined : bytes;
}
