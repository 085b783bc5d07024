import { type Exchange, GatewayError, type TokenCount } from '../../core/index.ts';
import { printPrompt } from './chat-body.ts';
import { failed } from './upstream-fault.ts';
import { type ReadAnswer, type Receiving, receiveWhole } from './whole-answer.ts';
import { quote, unsupported } from './wire-text.ts';
import { isBlank, parseCount, parseObject } from './wire-value.ts';

/** Statuses of a server that has no such route. */
const MISSING: ReadonlySet<unknown> = new Set(['HTTP_404', 'HTTP_405', 'HTTP_501']);

/**
 * The body of `POST /tokenize`, which stands at the root of the server and not under `/v1`. vLLM
 * (docs.vllm.ai, "Tokenizer API") reads `messages` or `prompt`, the llama.cpp server `content`; each ignores the other's.
 */
export function printTokenizeBody(exchange: Exchange, { of }: TokenCount): string {
  if (of.kind === 'conversation') return `{${printPrompt(exchange, of)}}`;
  const prompt = quote(exchange, of.prompt);
  const model = JSON.stringify(exchange.model.providerModelId);
  // A completion begins with the model's own first token; vLLM counts it unasked.
  return `{"model":${model},"prompt":${prompt},"content":${prompt},"add_special":true}`;
}

/** Receives a count. Rejects with `unsupported` where the server does not count, or counts no conversations. */
export function receiveTokenCount(request: TokenCount): Receiving {
  const { receiver, answer } = receiveWhole((value) => parseTokenCount(value, request));
  return { receiver, answer: answer.catch(rethrow) };
}

function parseTokenCount(value: unknown, { of }: TokenCount): ReadAnswer {
  const { count, tokens, error } = parseObject(value);
  if (!isBlank(error)) throw failed('an error in the place of an answer');
  return {
    id: undefined,
    events: [{ kind: 'usage', usage: { inputTokens: toCount(count, tokens, of.kind), outputTokens: 0 } }],
  };
}

function toCount(count: unknown, tokens: unknown, kind: TokenCount['of']['kind']): number {
  if (count !== undefined) return parseCount(count);
  if (!Array.isArray(tokens)) throw failed('an answer of another shape');
  // llama.cpp: of a conversation it has read nothing.
  if (kind === 'conversation') throw unsupported('counting the tokens of a conversation at this server');
  return tokens.length;
}

function rethrow(error: unknown): never {
  const cause: unknown = error instanceof GatewayError ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && MISSING.has(cause.code)) {
    throw unsupported('counting tokens at this server');
  }
  throw error;
}
