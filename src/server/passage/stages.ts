import { hash } from 'node:crypto';
import {
  type Authorizer,
  type Clock,
  type ContentPolicy,
  countFindings,
  type Decision,
  type Exchange,
  type Finding,
  GatewayError,
  type Journal,
  type RecordedFile,
  type RequestRecord,
  type SentFile,
  type Stage,
  type StageDecision,
  textOf,
} from '../../core/index.ts';

const ACCESS_TIMEOUT_MS = 1_000;
const RECORD_TIMEOUT_MS = 10_000;
const RECORD = 'record';

/**
 * Asks the policies a second time, now that the classes of content are known: those found, and those that no rewrite
 * takes out.
 */
export function contentAccessStage(authorizer: Authorizer, policy: ContentPolicy): Stage {
  return {
    name: 'content-access',
    timeoutMs: ACCESS_TIMEOUT_MS,
    run({ caller, action, model, findings }) {
      const found = typesOf(findings);
      const remaining = typesOf(findings.filter((finding) => policy.input.actionOf(finding) === 'allow'));
      const decision = authorizer.decide({ caller, action, model: model.id, content: { found, remaining } });
      if (!decision.allowed) throw new GatewayError('forbidden');
      return { kind: 'pass' };
    },
  };
}

/**
 * Makes the request durable. The last stage, so that a cleared exchange is a recorded one.
 *
 * `original` is the exchange as it came, before any stage.
 */
export function recordStage(journal: Pick<Journal, 'append'>, original: Exchange, options: RecordOptions): Stage {
  return {
    name: RECORD,
    timeoutMs: RECORD_TIMEOUT_MS,
    async run(exchange, _signal, decided) {
      await journal.append(toRequestRecord(original, exchange, { ...options, stages: decided }), exchange.caller);
      return { kind: 'pass' };
    },
  };
}

/**
 * Whether the record stage ran out of time. What it appended may still become durable, so that a second record of the
 * same request would be one too many.
 */
export function isRecordLate(decision: Decision): boolean {
  // A journal that refuses says `journalUnavailable`; only the pipeline's clock says this of the stage.
  return (
    decision.kind === 'fault' && decision.error.code === 'inspectionFailed' && decision.stages.at(-1)?.stage === RECORD
  );
}

const typesOf = (findings: readonly Finding[]) => [
  ...new Set(findings.flatMap(({ type, also = [] }) => [type, ...also.map((one) => one.type)])),
];

export interface RecordOptions {
  readonly clock: Clock;
  readonly policyVersion: string;
  /** Bytes of the request's body. */
  readonly bytesReceived: number;
}

/** The request record of an exchange: `original` as it came, `current` as the stages left it. */
export function toRequestRecord(
  original: Exchange,
  current: Exchange,
  { clock, policyVersion, bytesReceived, stages }: RecordOptions & { readonly stages: readonly StageDecision[] },
): RequestRecord {
  return {
    kind: 'request',
    requestId: original.id,
    time: clock.now(),
    caller: original.caller,
    protocol: original.protocol,
    operation: original.operation,
    action: original.action,
    model: original.model.id,
    provider: original.model.provider,
    servedModel: original.model.providerModelId,
    bytesReceived,
    ...metadataOf(current),
    policyVersion,
    stages,
    findingCounts: countFindings(current.findings),
    findings: current.findings,
    original: original.parts,
    ...(current.parts === original.parts ? {} : { rewritten: current.parts }),
    ...(original.files === undefined ? {} : { files: original.files.map(toRecordedFile) }),
  };
}

/** By null prototype: the names are the caller's. */
function metadataOf(exchange: Exchange): Pick<RequestRecord, 'unverifiedMetadata'> {
  const { request } = exchange;
  if (request.kind !== 'conversation' || request.metadata.length === 0) return {};
  const said: Record<string, string> = Object.create(null);
  for (const { key, value } of request.metadata) said[textOf(exchange, key)] = textOf(exchange, value);
  return { unverifiedMetadata: said };
}

function toRecordedFile({ kind, format, bytes }: SentFile): RecordedFile {
  return { kind, format, sha256: hash('sha256', bytes), base64: Buffer.from(bytes).toString('base64') };
}
