import { readingActions } from '../access/index.ts';
import { type FoundRecord, isSamePerson, type VerifierKey } from '../audit/index.ts';
import type { ReadingAuthorizer, ReadingRequest, RecordOwner } from '../core/index.ts';

/** What policies know of a record. */
type Readable = ReadingRequest['record'];

/** What the policies say about all that was asked about. */
export interface ReadingAnswer {
  /** Those that decided, sorted. */
  readonly policies: readonly string[];
  /** Why not. Absent where all of it is permitted. */
  readonly refusal?: string;
  /** What is not permitted, one for each owner, type and model. */
  readonly denied: readonly Readable[];
  /** Whether all of it were permitted with the approval of somebody whose approvals count. */
  readonly lacksApproval: boolean;
}

interface Asked {
  readonly authorizer: ReadingAuthorizer;
  /** Whose approvals count. */
  readonly approvers: readonly VerifierKey[];
}

/** Questions to the policies about one exchange or act after another. Of what is permitted nothing is kept. */
export interface ReadingQuestions {
  /** Takes all that is to be read of an exchange, or an act. */
  ask(records: readonly FoundRecord[]): void;
  answer(): ReadingAnswer;
}

export function createReadingQuestions(
  reading: Omit<ReadingRequest, 'record'>,
  { authorizer, approvers }: Asked,
): ReadingQuestions {
  const permitting = new Set<string>();
  const denying = new Set<string>();
  const failing = new Set<string>();
  const denied = new Map<string, Readable>();

  function refusal(): string {
    if (failing.size > 0) return `evaluating failed in ${quoted(failing)}`;
    return denying.size > 0 ? `denied by ${quoted(denying)}` : `no policy permits \`${readingActions[reading.view]}\``;
  }

  function wouldDo(approver: string): boolean {
    if (isSamePerson(approver, reading.operator)) return false;
    return [...denied.values()].every((record) => authorizer.decide({ ...reading, record, approver }).allowed);
  }

  return {
    ask(records) {
      for (const record of toReadables(records)) {
        const { allowed, failed, policies } = authorizer.decide({ ...reading, record });
        const deciding = allowed ? permitting : failed ? failing : denying;
        for (const policy of policies) deciding.add(policy);
        if (!allowed) denied.set(kindOf(record), record);
      }
    },
    answer() {
      if (denied.size === 0) return { policies: sorted(permitting), denied: [], lacksApproval: false };
      return {
        policies: sorted([...failing, ...denying]),
        refusal: refusal(),
        denied: [...denied.values()],
        lacksApproval: reading.approver === undefined && approvers.some(({ name }) => wouldDo(name)),
      };
    },
  };
}

/**
 * One for each owner and, of an exchange, each model that it asked for: that they share an id does not make two tenants'
 * records one.
 */
function toReadables(records: readonly FoundRecord[]): readonly Readable[] {
  const asked = new Set(records.flatMap(({ record, owner }) => (record.kind === 'request' ? ownerOf(owner) : [])));
  const readables = new Map<string, Readable>();
  for (const { record, owner } of records) {
    const isAnswer = record.kind === 'release' || record.kind === 'response';
    if (isAnswer && asked.has(ownerOf(owner))) continue;
    const type = isAnswer ? 'request' : record.kind;
    const model = record.kind === 'request' ? { model: record.model } : {};
    const readable = { id: record.requestId, owner, type, ...model };
    readables.set(kindOf(readable), readable);
  }
  return [...readables.values()];
}

function kindOf({ owner, type, model }: Readable): string {
  return JSON.stringify([ownerOf(owner), type, model]);
}

function ownerOf({ tenant, principal }: RecordOwner): string {
  return JSON.stringify([tenant, principal]);
}

function sorted(policies: Iterable<string>): readonly string[] {
  return [...new Set(policies)].sort();
}

function quoted(policies: Iterable<string>): string {
  return sorted(policies)
    .map((policy) => `\`${policy}\``)
    .join(', ');
}
