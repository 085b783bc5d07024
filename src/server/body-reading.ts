import { ApprovalError, checkApproval, type FoundRecord, type VerifierKey } from '../audit/index.ts';
import type { ActRecord, BodyView, Clock, ReadingAuthorizer, RequestId } from '../core/index.ts';
import { createReadingQuestions, type ReadingAnswer } from './reading-questions.ts';

/** Who wants to read what was said, and why. */
interface Reading {
  readonly view: BodyView;
  readonly operator: string;
  readonly reason: string;
}

/** Who wants to read one exchange or act. */
export interface BodyReading extends Reading {
  readonly requestId: RequestId;
  /** What was found of it; at least one. */
  readonly records: readonly FoundRecord[];
  /** The text of a signed approval. */
  readonly approval?: string;
}

/** Who wants to take many exchanges away. */
export interface BodyExport extends Reading {
  /** All that is to be exported of each. */
  readonly exchanges: AsyncIterable<readonly FoundRecord[]>;
  /** What goes into the record, besides. */
  readonly details: ActRecord['details'];
}

/** What was asked for is not shown. Its message is for the operator. */
export class ReadingRefusedError extends Error {
  override readonly name = 'ReadingRefusedError';
}

export interface BodyReadingOptions {
  readonly authorizer: ReadingAuthorizer;
  /** Whose approvals count. */
  readonly approvers: readonly VerifierKey[];
  readonly origin: string;
  readonly clock: Clock;
  readonly recordAct: (act: Omit<ActRecord, 'requestId' | 'time'>) => Promise<void>;
}

/**
 * Asks the policies whether this may be read, and records the answer, whichever it is. Rejects with a
 * `ReadingRefusedError` where it may not.
 *
 * INVARIANT: a reading that could not be recorded was not permitted: it rejects.
 */
export async function permitReading(reading: BodyReading, options: BodyReadingOptions): Promise<void> {
  const { requestId, view, operator, reason, approval } = reading;
  const { policies, approver, refusal } = answerTo(reading, options);
  // Whole, so that anybody can check later that its signer approved just this. One that does not hold is not kept: it is
  // whatever the operator put in a file.
  const kept = approver === undefined || approval === undefined ? {} : { approver, approval };
  const details = { request: requestId, view };
  const act = refusal === undefined ? 'read a body' : 'refuse a body';
  await settle({ act, operator, reason, ...kept, details, policies, refusal }, options);
}

/**
 * Asks the policies about every exchange of an export as `permitReading` does; if one may not be read, none may. An
 * approval is for one exchange, so that there is none for an export.
 */
export async function permitExport(reading: BodyExport, options: BodyReadingOptions): Promise<void> {
  const { operator, view, reason, exchanges, details } = reading;
  const questions = createReadingQuestions({ operator, view, reason }, options);
  for await (const records of exchanges) questions.ask(records);
  const answer = questions.answer();
  const refusal = toExportRefusal(answer);
  const act = refusal === undefined ? 'export bodies' : 'refuse an export';
  await settle({ act, operator, reason, details, policies: answer.policies, refusal }, options);
}

interface Settled extends Pick<Reading, 'operator' | 'reason'> {
  readonly act: string;
  readonly details: ActRecord['details'];
  readonly policies: readonly string[];
  /** Of one that holds. */
  readonly approver?: string;
  readonly approval?: string;
  readonly refusal: string | undefined;
}

async function settle(settled: Settled, { authorizer, recordAct }: BodyReadingOptions): Promise<void> {
  const { act, operator, reason, approver, approval, details, policies, refusal } = settled;
  await recordAct({
    kind: 'bodyAccess',
    act,
    operator,
    reason,
    ...(approver === undefined ? {} : { approver }),
    details: {
      ...details,
      policies,
      // Whoever reads with a configuration of their own leaves another one here.
      policyVersion: authorizer.version,
      ...(approval === undefined ? {} : { approval }),
      ...(refusal === undefined ? {} : { refusal }),
    },
  });
  if (refusal !== undefined) throw new ReadingRefusedError(refusal);
}

interface Answer {
  /** Those that decided. */
  readonly policies: readonly string[];
  /** Absent where nobody approved. */
  readonly approver?: string;
  readonly refusal: string | undefined;
}

function answerTo(reading: BodyReading, options: BodyReadingOptions): Answer {
  const { operator, view, reason, records } = reading;
  try {
    const approved = toApproved(reading, options);
    const questions = createReadingQuestions({ operator, view, reason, ...approved }, options);
    questions.ask(records);
    const { policies, refusal, lacksApproval } = questions.answer();
    return { policies, ...approved, refusal: lacksApproval ? `${refusal} without an approval` : refusal };
  } catch (error) {
    if (error instanceof ApprovalError) return { policies: [], refusal: error.message };
    throw error;
  }
}

function toApproved(reading: BodyReading, { approvers, origin, clock }: BodyReadingOptions): { approver?: string } {
  const { approval, requestId, view, operator } = reading;
  if (approval === undefined) return {};
  return { approver: checkApproval(approval, { requestId, view, operator, origin, now: clock.now() }, approvers) };
}

function toExportRefusal({ refusal, denied, lacksApproval }: ReadingAnswer): string | undefined {
  if (refusal === undefined) return undefined;
  const [first, ...more] = denied.map(({ owner, model }) => {
    const whose = `\`${owner.tenant}/${owner.principal}\``;
    return model === undefined ? whose : `${whose} on \`${model}\``;
  });
  const why = lacksApproval ? `${refusal} without an approval, which an export cannot have` : refusal;
  return `${why}: ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}
