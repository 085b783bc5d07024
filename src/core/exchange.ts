import type { Brand } from './brand.ts';
import type { Finding } from './finding.ts';
import type { ModelId, PrincipalId, RequestId, TenantId } from './ids.ts';
import type { Part, PartIndex } from './part.ts';

export type ProtocolName = 'bedrock' | 'openai' | 'anthropic';

/** What a caller does, by the name Amazon Bedrock's IAM actions and the Cedar schema share. */
export type Action = 'InvokeModel' | 'InvokeModelWithResponseStream' | 'ListModels';

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
}

/** A block of a message. Texts are positions in `Exchange.parts`. */
export type Block =
  | { readonly kind: 'text'; readonly text: PartIndex }
  | { readonly kind: 'toolUse'; readonly id: PartIndex; readonly name: PartIndex; readonly arguments: PartIndex }
  | {
      readonly kind: 'toolResult';
      readonly id: PartIndex;
      /** `text` parts, or `json` parts for structured results. */
      readonly content: readonly PartIndex[];
      readonly failed: boolean;
    }
  | { readonly kind: 'cachePoint' };

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Block[];
}

export interface Tool {
  readonly name: PartIndex;
  readonly description?: PartIndex;
  /** JSON Schema of the arguments, as raw JSON. */
  readonly schema: PartIndex;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'tool'; readonly name: PartIndex };

export interface Inference {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly PartIndex[];
}

/** A chat or completion. Roles need not alternate: providers that demand it merge adjacent turns. */
export interface Conversation {
  readonly kind: 'conversation';
  readonly system: readonly Extract<Block, { kind: 'text' | 'cachePoint' }>[];
  readonly messages: readonly Message[];
  /** Empty where the caller gave none, also when the history holds tool use. */
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly inference: Inference;
  /** Model-specific request fields as one raw JSON object. */
  readonly additionalFields?: PartIndex;
  readonly metadata: readonly { readonly key: PartIndex; readonly value: PartIndex }[];
}

export interface Embedding {
  readonly kind: 'embedding';
  readonly inputs: readonly PartIndex[];
  readonly dimensions?: number;
  readonly normalize?: boolean;
}

export type ModelRequest = Conversation | Embedding;

/** A request on its way to a model. Plain data; a stage never changes it, it returns a verdict. */
export interface Exchange {
  readonly id: RequestId;
  readonly caller: Caller;
  readonly protocol: ProtocolName;
  /** The protocol's name for the operation, such as `ConverseStream` or `chat.completions`. */
  readonly operation: string;
  readonly action: Exclude<Action, 'ListModels'>;
  readonly model: Model;
  readonly request: ModelRequest;
  readonly parts: readonly Part[];
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
