import {
  type AssessingAction,
  type Authorizer,
  type Caller,
  type Clock,
  countFindings,
  type Finding,
  GatewayError,
  type Journal,
  type PartIndex,
  type ProtocolName,
  type ReadAssessment,
  type RequestId,
  type RequestRecord,
  type WireReply,
} from '../../core/index.ts';
import { maskText } from '../../deidentify/index.ts';
import { type Detector, scanPartInSteps } from '../../detectors/index.ts';
import { type Classifiers, evaluate, moderate, runChecks } from '../../guardrails/index.ts';
import type { CallRate } from './call-rate.ts';
import type { GuardrailSet } from './guardrail-set.ts';
import { inTurns } from './turns.ts';

export interface AssessorOptions {
  readonly clock: Clock;
  readonly authorizer: Authorizer;
  readonly journal: Pick<Journal, 'append'>;
  readonly guardrails: GuardrailSet;
  readonly detectors: readonly Detector[];
  readonly classifiers: Classifiers;
  readonly rate: CallRate;
}

/** One authenticated, parsed request for an assessment. */
export interface AssessRequest {
  readonly id: RequestId;
  readonly caller: Caller;
  readonly protocol: ProtocolName;
  readonly operation: string;
  readonly read: ReadAssessment;
  readonly bytesReceived: number;
}

/**
 * Answers requests for assessments, each on the record before its answer leaves. Rejects with `forbidden`,
 * `guardrailNotFound` or `throttled`.
 *
 * What is assessed is told as it is only to those whom a policy lets read it so (`ReadExactAssessment`): others could
 * feel their way along a threshold.
 */
export type Assess = (request: AssessRequest) => Promise<WireReply>;

export function createAssessor(options: AssessorOptions): Assess {
  const { authorizer, rate } = options;
  return async (request) => {
    const { caller, read, id } = request;
    const { action, resource, ...guardrail } = subjectOf(read, options.guardrails);
    const isAllowed = (asked: AssessingAction) =>
      authorizer.decideAssessment({ caller, action: asked, ...guardrail }).allowed;
    if (!isAllowed(action)) throw new GatewayError('forbidden');
    const leave = rate.enter(caller);
    try {
      const answer = await assess(read, { ...options, isExact: isAllowed('ReadExactAssessment') });
      await record(request, { action, resource, findings: await findingsOf(read, options) }, options);
      return answer(id);
    } finally {
      leave();
    }
  };
}

interface Subject {
  readonly action: Extract<AssessingAction, 'ApplyGuardrail' | 'InvokeGuardrailChecks'>;
  /** As the record and policies have it. */
  readonly resource: string;
  readonly guardrail?: string;
}

function subjectOf(read: ReadAssessment, guardrails: GuardrailSet): Subject {
  if (read.kind !== 'guardrail') return { action: 'InvokeGuardrailChecks', resource: 'guardrail-checks' };
  const guardrail = guardrails.find(read.call.guardrail);
  if (guardrail === undefined) throw new GatewayError('guardrailNotFound');
  return { action: 'ApplyGuardrail', resource: `guardrail/${guardrail.id}`, guardrail: guardrail.id };
}

async function assess(
  read: ReadAssessment,
  { guardrails, detectors, classifiers, isExact }: AssessorOptions & { readonly isExact: boolean },
): Promise<(id: RequestId) => WireReply> {
  const parts = { detectors, classifiers, mask: maskText, view: { isExact, isFull: false } };
  switch (read.kind) {
    case 'guardrail': {
      const guardrail = guardrails.find(read.call.guardrail);
      if (guardrail === undefined) throw new GatewayError('guardrailNotFound');
      const view = { isExact, isFull: read.call.isFull };
      const result = await inTurns(evaluate(guardrail, read.call, { ...parts, view }));
      return (id) => read.write(result, id);
    }
    case 'checks': {
      const result = await inTurns(runChecks(read.call, parts));
      return (id) => read.write(result, id);
    }
    case 'moderation': {
      const result = await inTurns(moderate(read.call.inputs, parts));
      return (id) => read.write(result, id);
    }
    default:
      return read satisfies never;
  }
}

interface Assessed extends Subject {
  readonly findings: readonly Finding[];
}

async function record(
  { id, caller, protocol, operation, read, bytesReceived }: AssessRequest,
  { action, resource, findings }: Assessed,
  { clock, journal, authorizer }: AssessorOptions,
): Promise<void> {
  const request: RequestRecord = {
    kind: 'request',
    requestId: id,
    time: clock.now(),
    caller,
    protocol,
    operation,
    action,
    model: resource,
    provider: 'guardrail',
    servedModel: resource,
    bytesReceived,
    policyVersion: authorizer.version,
    stages: [],
    findingCounts: countFindings(findings),
    findings,
    original: read.parts,
  };
  await journal.append(request, caller);
  const ending = { status: 'complete', findingCounts: {}, findings: [], bytesSent: 0 } as const;
  await journal.append({ kind: 'response', requestId: id, time: clock.now(), ...ending }, caller);
}

/** So that whoever reads the record without the right to every word does not read what was assessed. */
async function findingsOf({ parts }: ReadAssessment, { detectors }: AssessorOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [index, part] of parts.entries()) {
    const spans = await inTurns(scanPartInSteps(detectors, part));
    for (const span of spans) findings.push({ ...span, part: index as PartIndex });
  }
  return findings;
}
