import type { Answer, AnswerEvent, Blocked } from './answer.ts';
import type { GuardrailReference, NamedGuardrail, ReadAssessment } from './assessing.ts';
import type { GuardrailTrace } from './assessment.ts';
import type { GatewayError } from './errors.ts';
import type { ModelRequest, ProtocolName } from './exchange.ts';
import type { ModelId, RequestId } from './ids.ts';
import type { Part } from './part.ts';

/** What a path and method ask for. */
export type Route =
  | {
      readonly kind: 'invoke';
      readonly operation: string;
      /** From the path, decoded, where the protocol puts the model there. */
      readonly model?: string;
    }
  | {
      /** An assessment of content; no model is called. */
      readonly kind: 'assess';
      readonly operation: string;
      /** From the path, decoded, where the protocol puts the guardrail there. */
      readonly guardrail?: GuardrailReference;
    }
  | { readonly kind: 'listModels'; readonly operation: string }
  | { readonly kind: 'getModel'; readonly operation: string; readonly model: string };

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ReplyMeta {
  readonly requestId: RequestId;
  /** Epoch milliseconds at which the request came in. */
  readonly createdAt: number;
  readonly model: ModelId;
}

/** Writes one answer in the protocol's form. Every method is called in order, for one exchange. */
export interface ReplyWriter {
  /** Takes what guardrails made of the exchange, for a protocol that tells it; before the answer, or a stream's end. */
  trace?(trace: GuardrailTrace): void;
  /** The whole answer of a buffered exchange. `latencyMs` is the time since the request came in. */
  whole(answer: Answer, latencyMs: number): WireReply;
  /** The answer to a request that the input side blocked, where the protocol has one for it. */
  blocked(blocked: Blocked, latencyMs: number): WireReply;
  /** Headers of a streamed answer. */
  readonly streamHeaders: Readonly<Record<string, string>>;
  /** The next bytes of a streamed answer; may be empty. */
  events(events: readonly AnswerEvent[], latencyMs: number): Uint8Array;
  /** The last bytes of a streamed answer that went well. */
  end(latencyMs: number): Uint8Array;
  /** The last bytes of a streamed answer that failed on its way. */
  fault(error: GatewayError): Uint8Array;
}

/** A request as the gateway sees it: structure with positions, texts in `parts`. */
export interface ReadRequest {
  /** As the caller names it. */
  readonly model: string;
  readonly stream: boolean;
  /** Absent where `stream` says it: `InvokeModel` or `InvokeModelWithResponseStream`. */
  readonly action?: 'CountTokens';
  readonly request: ModelRequest;
  /** That the caller names, to be applied besides those that are in any case. */
  readonly guardrail?: NamedGuardrail;
  readonly parts: readonly Part[];
  createReply(meta: ReplyMeta): ReplyWriter;
}

/** A wire protocol: both directions between its bytes and the inner form. Pure. */
export interface Protocol {
  readonly name: ProtocolName;
  /** `path` is raw; undefined where this protocol has no such route. Throws `methodNotAllowed` for a wrong method. */
  match(method: string, path: string): Route | undefined;
  /**
   * Reads a request body. Throws `invalidRequest`, `unsupported` or `uninspectable`: what cannot be read whole is
   * refused, unknown fields included.
   */
  read(route: Extract<Route, { kind: 'invoke' }>, body: Uint8Array, headers: HeaderLookup): ReadRequest;
  /** Reads the body of a request for an assessment. Throws as `read` does, and `routeNotFound` where there is none. */
  readAssessment(route: Extract<Route, { kind: 'assess' }>, body: Uint8Array, headers: HeaderLookup): ReadAssessment;
  /** One page of `models`, as `query` (undecoded, without `?`) asks for it; all of them where it is absent. */
  models(models: readonly ModelId[], createdAt: number, query?: string): WireReply;
  model(model: ModelId, createdAt: number): WireReply;
  fault(error: GatewayError, requestId: RequestId): WireReply;
}

/** A header's value by lower-case name; undefined where absent. */
export type HeaderLookup = (name: string) => string | undefined;
