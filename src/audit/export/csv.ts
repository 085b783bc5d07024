import type { FindingCounts, StageDecision } from '../../core/index.ts';
import { toCell } from './csv-cell.ts';
import { type ExportContext, type ExportedExchange, foldStages, toHex, toTimestamp } from './exchange.ts';

type Row = ExportedExchange & { readonly context: ExportContext };

/** The columns in order. Only ever added to, at the end: readers may count them. */
const columns = {
  time: ({ request }) => toTimestamp(request.time),
  request_id: ({ request }) => request.requestId,
  environment: ({ context }) => context.environment,
  region: ({ context }) => context.region,
  tenant: ({ request }) => request.caller.tenant,
  principal: ({ request }) => request.caller.principal,
  credential_id: ({ request }) => request.caller.credentialId,
  credential_kind: ({ request }) => request.caller.credentialKind,
  protocol: ({ request }) => request.protocol,
  operation: ({ request }) => request.operation,
  action: ({ request }) => request.action,
  model: ({ request }) => request.model,
  provider: ({ request }) => request.provider,
  provider_request_id: ({ response }) => response?.providerRequestId,
  policy_version: ({ request }) => request.policyVersion,
  decision: ({ request }) => foldStages(request.stages),
  stages: ({ request }) => toStages(request.stages),
  request_findings: ({ request }) => toCounts(request.findingCounts),
  status: ({ response }) => response?.status,
  code: ({ response }) => response?.code,
  stop: ({ response }) => response?.stop,
  response_time: ({ response }) => response && toTimestamp(response.time),
  response_findings: ({ response }) => response && toCounts(response.findingCounts),
  input_tokens: ({ response }) => response?.usage?.inputTokens,
  output_tokens: ({ response }) => response?.usage?.outputTokens,
  cache_read_input_tokens: ({ response }) => response?.usage?.cacheReadInputTokens,
  cache_write_input_tokens: ({ response }) => response?.usage?.cacheWriteInputTokens,
  reasoning_tokens: ({ response }) => response?.usage?.reasoningTokens,
  releases: ({ releases }) => releases.length,
  bytes_sent: ({ response }) => response?.bytesSent,
  dropped: ({ response }) => response?.dropped,
  log_origin: ({ context }) => context.origin,
  request_index: ({ requestEntry }) => requestEntry.index,
  request_leaf_hash: ({ requestEntry }) => toHex(requestEntry.leafHash),
  response_index: ({ responseEntry }) => responseEntry?.index,
  response_leaf_hash: ({ responseEntry }) => responseEntry && toHex(responseEntry.leafHash),
} as const satisfies Record<string, (row: Row) => string | number | undefined>;

/** The header line, with its line end. */
export function toCsvHeader(): string {
  return toLine(Object.keys(columns));
}

/** An exchange as one line of CSV (RFC 4180), with its line end. Header data alone, whatever `context.body` says. */
export function toCsvLine(exchange: ExportedExchange, context: ExportContext): string {
  return toLine(Object.values(columns).map((column) => column({ ...exchange, context })));
}

function toLine(values: readonly (string | number | undefined)[]): string {
  return `${values.map(toCell).join()}\r\n`;
}

/** Each stage with what it decided, in order: `detect=found mask=rewrite`. */
function toStages(stages: readonly StageDecision[]): string {
  return stages.map(({ stage, decision }) => `${stage}=${decision}`).join(' ');
}

/** How many of each type, by name: `EMAIL=2 PHONE=1`. */
function toCounts(counts: FindingCounts): string {
  return Object.entries(counts)
    .map(([type, count]) => `${type}=${count}`)
    .toSorted()
    .join(' ');
}
