import type { ResponseRecord } from '../../core/index.ts';
import { promptTokens } from './converse-response.ts';
import {
  type ExportContext,
  type ExportedEntry,
  type ExportedExchange,
  foldStages,
  isSent,
  toHex,
} from './exchange.ts';
import { activities, outcomes, severities } from './ocsf.data.ts';
import { toOcsfApi } from './ocsf-api.ts';
import type { OcsfAttestation, OcsfEvent } from './ocsf-event.ts';

const CLASS_UID = 6003;
/** Severity of an exchange in which something was found. */
const FOUND = 2;

/**
 * An exchange as an event of OCSF 1.8.0 (schema.ocsf.io, API Activity with the profile `ai_operation`). It validates
 * against the released schema, which has no attributes for texts and no profile `record_integrity` yet: texts stand in
 * `api.request.data` and `api.response.data`, the entries of the log in `unmapped.record_integrity`. The prompt is as the
 * stages left it, the response what was released.
 */
export function toOcsf(exchange: ExportedExchange, context: ExportContext): OcsfEvent {
  const { request, requestEntry } = exchange;
  const activity = activities[request.action];
  return {
    metadata: {
      version: '1.8.0',
      profiles: ['ai_operation'],
      product: { name: 'Sallyport', vendor_name: 'Sallyport' },
      uid: request.requestId,
      sequence: requestEntry.index,
      log_name: context.origin,
      tenant_uid: request.caller.tenant,
      tags: [
        { name: 'environment', value: context.environment },
        { name: 'region', value: context.region },
      ],
    },
    category_uid: 6,
    category_name: 'Application Activity',
    class_uid: CLASS_UID,
    class_name: 'API Activity',
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: CLASS_UID * 100 + activity.id,
    type_name: `API Activity: ${activity.caption}`,
    ...toTimes(exchange),
    ...toOutcome(exchange),
    actor: toActor(exchange),
    api: toOcsfApi(exchange, context),
    // The record has no address. The schema wants an endpoint, and a name or an address in it.
    src_endpoint: { name: 'unknown', type_id: 0 },
    ai_model: { name: request.model, uid: request.model, ai_provider: request.provider },
    message_context: toMessageContext(exchange),
    resources: [toResource(exchange, context)],
    unmapped: toUnmapped(exchange, context),
  };
}

function toTimes({ request, response }: ExportedExchange) {
  const begun = { time: request.time, start_time: request.time };
  return response === undefined
    ? begun
    : { ...begun, end_time: response.time, duration: Math.max(0, response.time - request.time) };
}

function toOutcome({ request, response }: ExportedExchange) {
  const { severity_id: graveness, ...outcome } = outcomes[response?.status ?? 'unanswered'];
  const counts = { ...request.findingCounts, ...response?.findingCounts };
  const severity = Object.keys(counts).length > 0 && graveness < FOUND ? FOUND : graveness;
  return {
    severity_id: severity,
    severity: severities[severity],
    ...outcome,
    ...(response === undefined
      ? {}
      : { status_code: response.code ?? response.status, status_detail: response.status }),
  };
}

function toActor({ request: { caller } }: ExportedExchange): object {
  const { tenant, principal, credentialId } = caller;
  return {
    user: { name: principal, uid: `${tenant}/${principal}`, credential_uid: credentialId, org: { uid: tenant } },
  };
}

function toMessageContext({ request, response }: ExportedExchange): object {
  const { tenant, principal } = request.caller;
  const usage = response?.usage;
  return {
    uid: request.requestId,
    ai_role_id: 2,
    ai_role: 'Assistant',
    application: { name: principal, uid: `${tenant}/${principal}` },
    service: { name: request.provider },
    ...(usage === undefined
      ? {}
      : {
          prompt_tokens: promptTokens(usage),
          completion_tokens: usage.outputTokens,
          total_tokens: promptTokens(usage) + usage.outputTokens,
        }),
  };
}

function toResource({ request }: ExportedExchange, { accountId }: ExportContext): object {
  return {
    uid: request.model,
    name: request.model,
    type: 'AI Model',
    role_id: 1,
    role: 'Target',
    ...(accountId === undefined ? {} : { owner: { account: { uid: accountId, type_id: 10, type: 'AWS Account' } } }),
  };
}

function toUnmapped(exchange: ExportedExchange, { body, origin }: ExportContext): object {
  const { request, response, requestEntry, responseEntry } = exchange;
  return {
    body,
    decision: foldStages(request.stages),
    sent: isSent(request),
    stages: request.stages.map(({ stage, decision }) => ({ stage, decision })),
    policy_version: request.policyVersion,
    credential_kind: request.caller.credentialKind,
    request_findings: request.findingCounts,
    ...(response === undefined ? {} : toUnmappedResponse(response)),
    record_integrity: {
      attestation_list: [requestEntry, responseEntry].flatMap((entry) =>
        entry === undefined ? [] : [toAttestation(entry, origin)],
      ),
    },
  };
}

function toUnmappedResponse({ findingCounts, stop, providerRequestId, bytesSent }: ResponseRecord): object {
  return {
    response_findings: findingCounts,
    ...(stop === undefined ? {} : { stop_reason: stop }),
    ...(providerRequestId === undefined ? {} : { provider_request_id: providerRequestId }),
    bytes_sent: bytesSent,
  };
}

/**
 * The profile means a fingerprint of the event's own serialization. This one is of the log's entry, which an export does
 * not hold: whoever verifies it asks the log for it.
 */
function toAttestation({ index, leafHash }: ExportedEntry, origin: string): OcsfAttestation {
  return {
    uid: String(index),
    chain_uid: origin,
    fingerprint: { algorithm_id: 3, algorithm: 'SHA-256', value: toHex(leafHash) },
  };
}
