import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type Exchange, GatewayError, type ProviderAnswer, type TokenCount } from '../../core/index.ts';
import { withoutProfile } from '../../protocols/index.ts';
import { oneBatch } from '../one-batch.ts';
import { traceHeaders } from '../trace-headers.ts';
import { type Begun, call } from './call.ts';
import { collect } from './collect.ts';
import { completionBodyText } from './completion.ts';
import { parseBody } from './converse-answer.ts';
import { countedConversationText } from './converse-body.ts';
import { parseCount, parseObject } from './wire-value.ts';

/**
 * Asks `CountTokens` (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html). The answer is its
 * usage alone.
 *
 * Of some models the service counts only under the inference profile's id, of others only under the model's own
 * (github.com/BerriAI/litellm/issues/34272, github.com/pydantic/pydantic-ai/pull/3367): where it refuses the one as not
 * valid, the other is tried.
 */
export async function countTokens(
  client: BedrockRuntimeClient,
  { exchange, request }: { readonly exchange: Exchange; readonly request: TokenCount },
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const body = countBodyText(exchange, request);
  const model = exchange.model.providerModelId;
  const bare = withoutProfile(model);
  const sent = { operation: 'CountTokens', headers: traceHeaders(exchange), body } as const;
  const begun = await call(client, { ...sent, model }, signal).catch((error): Promise<Begun> => {
    const isRefused = error instanceof GatewayError && error.code === 'upstreamInvalid';
    if (!isRefused || bare === model) throw error;
    return call(client, { ...sent, model: bare }, signal);
  });
  const { inputTokens } = parseObject(parseBody(await collect(begun.body, signal)).value);
  const usage = { inputTokens: parseCount(inputTokens), outputTokens: 0 };
  const { requestId } = begun;
  return {
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    events: oneBatch([{ kind: 'usage', usage }]),
  };
}

function countBodyText(exchange: Exchange, { of }: TokenCount): string {
  switch (of.kind) {
    case 'conversation':
      return `{"input":{"converse":${countedConversationText(exchange, of)}}}`;
    case 'completion': {
      const body = Buffer.from(completionBodyText(exchange, of, false)).toString('base64');
      return `{"input":{"invokeModel":{"body":"${body}"}}}`;
    }
    default:
      return of satisfies never;
  }
}
