import type { RequestRecord, ResponseRecord } from '../../core/index.ts';
import {
  type ExportContext,
  type ExportedBody,
  type ExportedEntry,
  type ExportedExchange,
  foldStages,
  isSent,
  type ReleaseRecord,
  toHex,
  toTimestamp,
} from './exchange.ts';
import { toMaskedEvents, toMaskedParts } from './masked-parts.ts';
import { toUnicodeEscape } from './unicode-escape.ts';

/** Names the form of a line. Another form has another number; members may be added to this one. */
export const JSONL_SCHEMA = 'sallyport.exchange/1';

// U+2028, U+2029 and U+0085 end a line for some readers, and DEL and C1 drive terminals. JSON lets them stand as they
// are, but within strings alone, so that an escape may take their place.
const UNESCAPED = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * An exchange as one line of JSON (RFC 8259), with its line feed. It carries all that the record has: prompt and answer
 * both as they came and as they went out. docs/reference/export.md names every member.
 */
export function toJsonl(exchange: ExportedExchange, context: ExportContext): string {
  const { request, releases, response } = exchange;
  const line = {
    schema: JSONL_SCHEMA,
    requestId: request.requestId,
    environment: context.environment,
    region: context.region,
    accountId: context.accountId,
    log: toLog(exchange, context),
    body: context.body,
    request: { ...toRequestHeader(request), ...requestBodies[context.body](request) },
    releases: releases.map((release) => toRelease(release, context.body)),
    response: response && { ...toResponseHeader(response), ...toResponseBody(response, context.body) },
  };
  return `${JSON.stringify(line).replaceAll(UNESCAPED, toUnicodeEscape)}\n`;
}

function toLog({ requestEntry, responseEntry }: ExportedExchange, { origin }: ExportContext) {
  return { origin, request: toEntry(requestEntry), response: responseEntry && toEntry(responseEntry) };
}

function toEntry({ index, leafHash }: ExportedEntry) {
  return { index, leafHash: toHex(leafHash) };
}

// Headers name their members one by one: what a record gets later must not leave with `body: 'none'` unasked.

function toRequestHeader(request: RequestRecord) {
  const { tenant, principal, credentialId, credentialKind } = request.caller;
  return {
    time: toTimestamp(request.time),
    caller: { tenant, principal, credentialId, credentialKind },
    protocol: request.protocol,
    operation: request.operation,
    action: request.action,
    model: request.model,
    provider: request.provider,
    servedModel: request.servedModel,
    bytesReceived: request.bytesReceived,
    policyVersion: request.policyVersion,
    decision: foldStages(request.stages),
    stages: request.stages.map(({ stage, decision }) => ({ stage, decision })),
    sent: isSent(request),
    findingCounts: request.findingCounts,
  };
}

const requestBodies = {
  none: () => ({}),
  masked: (request) => ({
    masked: toMaskedParts(request),
    files: request.files?.map(({ kind, format }) => ({ kind, format })),
  }),
  full: ({ original, rewritten, findings, files }) => ({ original, rewritten, findings, files }),
} as const satisfies Record<ExportedBody, (request: RequestRecord) => object>;

function toRelease({ time, parent, sequence, events }: ReleaseRecord, body: ExportedBody) {
  return { time: toTimestamp(time), parent, sequence, ...toReleased(events, body) };
}

function toReleased(events: ReleaseRecord['events'] | undefined, body: ExportedBody) {
  if (body === 'none') return {};
  return { released: body === 'masked' ? events && toMaskedEvents(events) : events };
}

function toResponseHeader(response: ResponseRecord) {
  return {
    time: toTimestamp(response.time),
    parent: response.parent,
    status: response.status,
    code: response.code,
    stop: response.stop,
    usage: response.usage,
    providerRequestId: response.providerRequestId,
    dropped: response.dropped,
    findingCounts: response.findingCounts,
    bytesSent: response.bytesSent,
  };
}

/**
 * Masked is what was released, which the output guard had masked. What the model said before stays out: of its findings
 * the record has the places, but not in which block of the answer.
 */
function toResponseBody({ released, original, findings }: ResponseRecord, body: ExportedBody) {
  return { ...toReleased(released, body), ...(body === 'full' ? { original, findings } : {}) };
}
