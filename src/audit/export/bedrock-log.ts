import type { RequestRecord, Usage } from '../../core/index.ts';
import { toReleasedEvents, toSentParts } from './content.ts';
import { toConverseRequest } from './converse-request.ts';
import { toConverseResponse } from './converse-response.ts';
import { type ExportContext, type ExportedExchange, isSent, toHex, toTimestamp } from './exchange.ts';

type BedrockOperation = 'Converse' | 'ConverseStream' | 'InvokeModel' | 'InvokeModelWithResponseStream';

/** An entry of the model invocation log of Amazon Bedrock, schema 1.0 (user guide, "model invocation logging"). */
export interface BedrockLogEntry {
  readonly schemaType: 'ModelInvocationLog';
  readonly schemaVersion: '1.0';
  /** To the second, as the service writes it. */
  readonly timestamp: string;
  /** Empty where none is known. */
  readonly accountId: string;
  readonly identity: { readonly arn: string };
  readonly region: string;
  /** The provider's, where it gave one; else the gateway's. */
  readonly requestId: string;
  readonly operation: BedrockOperation;
  /** By the gateway's name. */
  readonly modelId: string;
  readonly input: {
    readonly inputContentType: 'application/json';
    readonly inputBodyJson?: object;
    readonly inputTokenCount?: number;
    readonly cacheReadInputTokenCount?: number;
    readonly cacheWriteInputTokenCount?: number;
  };
  readonly output: {
    readonly outputContentType: 'application/json';
    readonly outputBodyJson?: object;
    readonly outputTokenCount?: number;
  };
  readonly requestMetadata: Readonly<Record<string, string>>;
}

/**
 * What an exchange would be in the invocation log of Amazon Bedrock: what was sent to the model, and of its answer what
 * was released. Undefined where the model was not called, or was asked to count tokens: the service logs neither.
 *
 * `identity.arn` names the gateway's caller. Callers are no identities of AWS, so that it is an ARN by form alone, in the
 * partition `sallyport`, which AWS has none of: nobody's real ARN may stand there. The caller's own request metadata stays
 * out of `requestMetadata`, where it could speak for the gateway.
 */
export function toBedrockLog(exchange: ExportedExchange, context: ExportContext): BedrockLogEntry | undefined {
  const { request, response } = exchange;
  const operation = toOperation(request);
  if (operation === undefined || !isSent(request)) return undefined;
  const { accountId = '', region } = context;
  const { tenant, principal } = request.caller;
  return {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: toTimestamp(request.time).replace(/\.\d+Z$/, 'Z'),
    accountId,
    identity: { arn: `arn:sallyport:gateway:${region}:${accountId}:principal/${tenant}/${principal}` },
    region,
    requestId: response?.providerRequestId ?? request.requestId,
    operation,
    modelId: request.servedModel,
    input: { inputContentType: 'application/json', ...toInput(exchange, context) },
    output: { outputContentType: 'application/json', ...toOutput(exchange, context) },
    requestMetadata: toMetadata(exchange, context),
  };
}

/** The service's operation of that name, or the one that does what the caller's does; undefined where none is logged. */
function toOperation({ operation, action }: RequestRecord): BedrockOperation | undefined {
  if (action !== 'InvokeModel' && action !== 'InvokeModelWithResponseStream') return undefined;
  if (operation.startsWith('InvokeModel') || operation === 'embeddings') return action;
  return action === 'InvokeModel' ? 'Converse' : 'ConverseStream';
}

function toInput({ request, response }: ExportedExchange, context: ExportContext) {
  return {
    ...(context.body === 'none' ? {} : { inputBodyJson: toConverseRequest(toSentParts(request, context)) }),
    ...toInputCounts(response?.usage),
  };
}

function toInputCounts(usage: Usage | undefined) {
  if (usage === undefined) return {};
  const { inputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write } = usage;
  return {
    inputTokenCount: inputTokens,
    ...(read === undefined ? {} : { cacheReadInputTokenCount: read }),
    ...(write === undefined ? {} : { cacheWriteInputTokenCount: write }),
  };
}

function toOutput(exchange: ExportedExchange, context: ExportContext) {
  const { stop, usage } = exchange.response ?? {};
  const events = toReleasedEvents(exchange, context);
  return {
    ...(events.length === 0 ? {} : { outputBodyJson: toConverseResponse(events, { stop, usage }) }),
    ...(usage === undefined ? {} : { outputTokenCount: usage.outputTokens }),
  };
}

function toMetadata({ request, response, requestEntry }: ExportedExchange, { environment, origin }: ExportContext) {
  return {
    'sallyport:requestId': request.requestId,
    'sallyport:tenant': request.caller.tenant,
    'sallyport:principal': request.caller.principal,
    'sallyport:environment': environment,
    'sallyport:protocol': `${request.protocol}/${request.operation}`,
    ...(response === undefined ? {} : { 'sallyport:status': response.status }),
    ...(response?.code === undefined ? {} : { 'sallyport:code': response.code }),
    'sallyport:log': `${origin}#${requestEntry.index}`,
    'sallyport:leafHash': toHex(requestEntry.leafHash),
  };
}
