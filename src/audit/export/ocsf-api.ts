import { faults, type Part, type ResponseRecord, toAnswer } from '../../core/index.ts';
import { toReleasedEvents, toSentParts } from './content.ts';
import type { ExportContext, ExportedExchange } from './exchange.ts';

/** Origins of what a model is told, rather than of how it is asked. */
const told: ReadonlySet<Part['origin']> = new Set([
  'system',
  'user',
  'assistant',
  'toolCall',
  'toolResult',
  'document',
]);

/** The attribute `api`: what was called, and, where bodies go out, what was said. */
export function toOcsfApi(exchange: ExportedExchange, context: ExportContext): object {
  const { operation, protocol, requestId } = exchange.request;
  const response = { ...toError(exchange.response), ...toResponseData(exchange, context) };
  return {
    operation,
    service: { name: protocol },
    request: { uid: requestId, ...toRequestData(exchange, context) },
    ...(Object.keys(response).length === 0 ? {} : { response }),
  };
}

function toError(response: ResponseRecord | undefined): object {
  if (response?.code === undefined) return {};
  const { status, message } = faults[response.code];
  return { code: status, error: response.code, error_message: message };
}

function toRequestData({ request }: ExportedExchange, context: ExportContext): object {
  if (context.body === 'none') return {};
  const texts = toSentParts(request, context)
    .filter(({ kind, origin }) => kind !== 'identifier' && told.has(origin))
    .map(({ text }) => text);
  return { data: { prompt_text: texts.join('\n') } };
}

function toResponseData(exchange: ExportedExchange, context: ExportContext): object {
  const events = toReleasedEvents(exchange, context);
  if (events.length === 0) return {};
  const { blocks, alternatives = [] } = toAnswer(events);
  const texts = [...blocks, ...alternatives.flatMap((choice) => choice.blocks)].map((block) =>
    block.kind === 'toolUse' ? block.arguments : block.text,
  );
  return { data: { response_text: texts.join('\n') } };
}
