import {
  decodeUtf8,
  GatewayError,
  type JsonDocument,
  type ModelId,
  parseJson,
  type ReadRequest,
  type ReplyMeta,
  type ReplyWriter,
  type TokenCount,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { toConversation } from './converse-request.ts';
import { countTokensRequest } from './converse-schema.ts';
import { writeFault } from './errors.ts';
import { familyOf } from './families/families.ts';

/**
 * Reads a body of `CountTokens` with the very readers of what it is to count: it is inspected like a request that the
 * model answers. Throws `invalidRequest`, `unsupported` or `uninspectable`.
 */
export function readCountTokens(model: ModelId, document: JsonDocument): Pick<ReadRequest, 'request' | 'parts'> {
  const { converse, invokeModel } = parseShape(countTokensRequest, document.value).input;
  if (converse !== undefined) return toCount('/input/converse', toConversation(document, converse));
  const body = parseJson(decodeUtf8(invokeModel?.body ?? new Uint8Array()));
  return toCount('/input/invokeModel/body', familyOf(model).read(body));
}

function toCount(
  path: string,
  { request, parts }: Pick<ReadRequest, 'request' | 'parts'>,
): Pick<ReadRequest, 'request' | 'parts'> {
  if (request.kind !== 'conversation' && request.kind !== 'completion') {
    throw new GatewayError('unsupported', { detail: 'counting the tokens of anything but a conversation or a prompt' });
  }
  const count: TokenCount = { kind: 'tokenCount', of: request };
  return { request: count, parts: parts.map((part) => ({ ...part, path: path + part.path })) };
}

/** Makes the writer of one answer of `CountTokens`. */
export function createCountTokensReply({ requestId }: ReplyMeta): ReplyWriter {
  return {
    whole: ({ usage }) => ({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
      body: Buffer.from(`{"inputTokens":${usage.inputTokens}}`),
    }),
    // A count has no place for the message, and a made-up one would be taken for a count.
    blocked: () => writeFault(new GatewayError('contentBlocked'), requestId),
    streamHeaders: {},
    events: notStreamed,
    end: notStreamed,
    fault: notStreamed,
  };
}

function notStreamed(): never {
  throw new GatewayError('unsupported', { detail: 'a stream of a token count' });
}
