import type { BodyView, KeyRing, RequestId } from '../../core/index.ts';
import { createLocalSigner } from '../log/local-signer.ts';
import { printVerifierKey, signNote, toVerifierKey, type VerifierKey, verifyNote } from '../log/signed-note.ts';

/** No origin has a space: a signature on this is none on a checkpoint. */
const PURPOSE = 'sallyport approval 1';
const LONGEST_MS = 7 * 24 * 60 * 60 * 1_000;
const LONGEST_NAME = 1_000;
/** One that holds goes into the record: signatures of nobody in particular must not fill it. */
const LONGEST_NOTE = 10_000;

/** What an approver agrees to: that one operator reads one exchange or act, in one view, for a while. */
export interface Approval {
  /** Of the log's checkpoints. */
  readonly origin: string;
  readonly requestId: RequestId;
  readonly view: BodyView;
  readonly operator: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Why an approval does not hold. Its message is for the operator, and holds nothing of the approval. */
export class ApprovalError extends Error {
  override readonly name = 'ApprovalError';
}

/** Somebody whose approval counts where their verifier key is configured. */
export interface Approver {
  /** As it is printed. */
  readonly verifierKey: string;
  /** Signs an approval, as a note (C2SP signed-note). Throws `RangeError` for an operator's name that no line holds. */
  sign(approval: Approval): Promise<string>;
}

/** An approver by a key ring of their own. Throws `RangeError` for a name that notes cannot have. */
export function createApprover(keyRing: KeyRing, name: string): Approver {
  const signer = createLocalSigner(keyRing, name, 'audit/approval');
  return {
    verifierKey: printVerifierKey(toVerifierKey(name, signer.publicKey)),
    async sign(approval) {
      const { operator } = approval;
      if (!/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(operator) || operator.length > LONGEST_NAME || !operator.isWellFormed()) {
        throw new RangeError('the name of an operator is one line of at most 1000 characters');
      }
      return signNote(toText(approval), [signer]);
    },
  };
}

function toText({ origin, requestId, view, operator, expiresAt }: Approval): string {
  return `${[PURPOSE, origin, requestId, view, new Date(expiresAt).toISOString(), operator].join('\n')}\n`;
}

/** A reading that an approval is held against. */
export interface ApprovedReading extends Omit<Approval, 'expiresAt'> {
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The name of the approver who signed that this may be read now. Throws an `ApprovalError` where none of `approvers` has,
 * it is of something else, it is over, or the operator approved it themselves.
 */
export function checkApproval(note: string, reading: ApprovedReading, approvers: readonly VerifierKey[]): string {
  const { text, signers } = verify(note, approvers);
  const [, origin, requestId, view, time = '', operator] = text.split('\n');
  const expiresAt = Date.parse(time);
  if (Number.isNaN(expiresAt)) throw new ApprovalError('what was signed is no approval');
  if (origin !== reading.origin) throw new ApprovalError('the approval is for another log');
  if (requestId !== reading.requestId) throw new ApprovalError('the approval is for another record');
  if (view !== reading.view) throw new ApprovalError('the approval is for another view');
  if (operator !== reading.operator)
    throw new ApprovalError(`the approval is for another operator than \`${reading.operator}\``);
  if (expiresAt <= reading.now) throw new ApprovalError('the approval has expired');
  // Whoever could sign one for years would have approved once and for all.
  if (expiresAt > reading.now + LONGEST_MS) throw new ApprovalError('the approval is for longer than seven days');
  // The one encoding: another purpose, a line more or another way to write the time is not what an approver signs.
  if (text !== toText({ ...reading, expiresAt })) throw new ApprovalError('what was signed is no approval');
  const approver = signers.find((name) => !isSamePerson(name, operator));
  if (approver === undefined) throw new ApprovalError('the operator cannot approve their own reading');
  return approver;
}

interface Signed {
  readonly text: string;
  /** Names of approvers. */
  readonly signers: readonly string[];
}

function verify(note: string, approvers: readonly VerifierKey[]): Signed {
  if (note.length > LONGEST_NOTE) throw new ApprovalError('what was signed is no approval');
  try {
    const { text, signatures } = verifyNote(note, approvers);
    return { text, signers: signatures.map(({ key }) => key.name) };
  } catch (cause) {
    throw new ApprovalError('none of `audit.approvers` has signed it', { cause });
  }
}

/** Whether two names look the same. Whoever calls themselves something else altogether is not found out here. */
export function isSamePerson(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

function fold(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\p{Default_Ignorable_Code_Point}\s]/gu, '')
    .toLowerCase();
}
