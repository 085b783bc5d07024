import type { CitationLocation } from './citation.ts';
import type { Inference } from './inference.ts';
import type { PartIndex } from './part.ts';

/** Up to here the provider may keep what it has read, for the next request that begins alike. */
export interface CachePoint {
  readonly kind: 'cachePoint';
  readonly ttl?: '5m' | '1h';
}

/** What a text of an earlier answer rests on, sent back with it. */
export interface CitedPassage {
  readonly title?: PartIndex;
  readonly source?: PartIndex;
  /** The passages themselves. */
  readonly quotes: readonly PartIndex[];
  /** As the caller counts, in the document it sent (`createCitationPlaces` tells where that is in what goes out). */
  readonly location?: CitationLocation;
}

export interface TextBlock {
  readonly kind: 'text';
  readonly text: PartIndex;
  /** Of an earlier answer only. Absent where there are none. */
  readonly citations?: readonly CitedPassage[];
}

/** Formats of documents. The text of all but `doc` and `xls` can be taken out and inspected. */
export type DocumentFormat = 'txt' | 'md' | 'csv' | 'html' | 'pdf' | 'docx' | 'xlsx' | 'doc' | 'xls';

/**
 * A document. What goes to the model is its text, which was inspected; the file itself goes only where `bytes` is still
 * there when the exchange is cleared, and the text was not rewritten (`fileOf`).
 */
export interface DocumentBlock {
  readonly kind: 'document';
  readonly name?: PartIndex;
  readonly format: DocumentFormat;
  /** The file, of formats that are not text themselves. Left out where no policy lets it through uninspected. */
  readonly bytes?: Uint8Array;
  /** Its text in pieces; of a file, empty until it has been taken out. */
  readonly text: readonly PartIndex[];
  /** What the caller says about it. */
  readonly context?: PartIndex;
  /** Whether the answer is to cite it. */
  readonly citations: boolean;
}

/** Content that nobody here can inspect. Needs the action `SendUninspectedMedia`. */
export interface MediaBlock {
  readonly kind: 'media';
  readonly modality: 'image' | 'audio' | 'video';
  /** One of the names that the protocols list, such as `png`, `mp4`, `three_gp` or `x-aac`. */
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** Content that the provider would fetch from elsewhere. Needs the action `SendUninspectedReference`. */
export interface ReferenceBlock {
  readonly kind: 'reference';
  readonly modality: 'image' | 'audio' | 'video' | 'document';
  readonly format?: string;
  readonly name?: PartIndex;
  readonly source:
    | { readonly kind: 'url'; readonly url: PartIndex }
    | { readonly kind: 's3Location'; readonly uri: PartIndex; readonly bucketOwner?: PartIndex }
    | { readonly kind: 'fileId'; readonly id: PartIndex };
}

/**
 * What a provider attached to its model's reasoning: a signature over the text, or the reasoning itself, encrypted.
 * Callers hold it as a `sealed` token, made here and opened here; only the two others mean something to a provider.
 */
export type ReasoningProof =
  | { readonly kind: 'sealed'; readonly token: string }
  | { readonly kind: 'signature'; readonly signature: string }
  /** `data` in base64. */
  | { readonly kind: 'encrypted'; readonly data: string };

/** What a model thought before it answered, sent back to it. */
export interface ReasoningBlock {
  readonly kind: 'reasoning';
  /** Absent where the reasoning is encrypted. */
  readonly text?: PartIndex;
  readonly proof?: ReasoningProof;
}

export interface ToolUseBlock {
  readonly kind: 'toolUse';
  readonly id: PartIndex;
  readonly name: PartIndex;
  readonly arguments: PartIndex;
}

export interface ToolResultBlock {
  readonly kind: 'toolResult';
  readonly id: PartIndex;
  /** Positions of `text` parts, or of `json` parts for structured results; and files. */
  readonly content: readonly (PartIndex | DocumentBlock | MediaBlock | ReferenceBlock)[];
  readonly failed: boolean;
}

/** A block of a message. Texts are positions in `Exchange.parts`. */
export type Block =
  | TextBlock
  | DocumentBlock
  | MediaBlock
  | ReferenceBlock
  | ReasoningBlock
  | ToolUseBlock
  | ToolResultBlock
  | CachePoint;

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Block[];
}

export interface Tool {
  readonly name: PartIndex;
  readonly description?: PartIndex;
  /** JSON Schema of the arguments, as raw JSON. */
  readonly schema: PartIndex;
  /** Whether arguments are to follow the schema to the letter. */
  readonly strict?: boolean;
  /** Stands behind the tool. */
  readonly cachePoint?: CachePoint;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'tool'; readonly name: PartIndex };

/** A chat or completion. Roles need not alternate: providers that demand it merge adjacent turns. */
export interface Conversation {
  readonly kind: 'conversation';
  readonly system: readonly (TextBlock | CachePoint)[];
  readonly messages: readonly Message[];
  /** Empty where the caller gave none, also when the history holds tool use. */
  readonly tools: readonly Tool[];
  /** Names of tools that run at the provider. Need the action `SendUninspectedReference`. */
  readonly providerTools?: readonly PartIndex[];
  readonly toolChoice?: ToolChoice;
  /** False where the model may call one tool at a time only. */
  readonly parallelToolCalls?: boolean;
  readonly inference: Inference;
  /** Model-specific request fields as one raw JSON object. */
  readonly additionalFields?: PartIndex;
  readonly metadata: readonly { readonly key: PartIndex; readonly value: PartIndex }[];
}

/** Kinds of content that nobody here can inspect, and of references to content elsewhere. */
export type Uninspected = 'image' | 'audio' | 'video' | 'document' | 'url' | 's3Location' | 'fileId' | 'providerTool';
