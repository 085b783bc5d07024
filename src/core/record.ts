import type { AnswerEvent, StopReason, Usage } from './answer.ts';
import type { FaultCode } from './errors.ts';
import type { Action, Caller, ProtocolName, SentFile } from './exchange.ts';
import type { Finding, FindingCounts, Span } from './finding.ts';
import type { RequestId } from './ids.ts';
import type { Part } from './part.ts';
import type { StageDecision } from './pipeline.ts';

/** The request, as it came and as it went. Durable before the model is called. */
export interface RequestRecord {
  readonly kind: 'request';
  readonly requestId: RequestId;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly caller: Caller;
  readonly protocol: ProtocolName;
  readonly operation: string;
  readonly action: Action;
  readonly model: string;
  readonly provider: string;
  /** The id or ARN that the provider knows the model by. */
  readonly servedModel: string;
  /** Bytes of the request's body. */
  readonly bytesReceived: number;
  /** What the caller says of the request, as it went on. Nothing vouches for it. Absent where it says nothing. */
  readonly unverifiedMetadata?: Readonly<Record<string, string>>;
  readonly policyVersion: string;
  readonly stages: readonly StageDecision[];
  readonly findingCounts: FindingCounts;
  readonly findings: readonly Finding[];
  readonly original: readonly Part[];
  /** Absent where no stage rewrote anything. */
  readonly rewritten?: readonly Part[];
  /** Files and media as they came, in reading order. Absent where there were none. */
  readonly files?: readonly RecordedFile[];
}

/** A file or media of a request. */
export interface RecordedFile extends Pick<SentFile, 'kind' | 'format'> {
  /** Of the bytes; hexadecimal. */
  readonly sha256: string;
  readonly base64: string;
}

/** A part of a streamed answer, not its last, that may leave. Durable before it does. */
export interface ReleaseRecord {
  readonly kind: 'release';
  readonly requestId: RequestId;
  readonly time: number;
  /** Merkle leaf hash of the request's entry, hexadecimal. The journal adds it. */
  readonly parent?: string;
  /** Counts from 0 within the exchange. */
  readonly sequence: number;
  readonly events: readonly AnswerEvent[];
}

export type ResponseStatus = 'complete' | 'blocked' | 'interrupted' | 'failed';

/** How the exchange ended. One for every request record, written at the latest when the gateway starts again. */
export interface ResponseRecord {
  readonly kind: 'response';
  readonly requestId: RequestId;
  readonly time: number;
  /** Merkle leaf hash of the request's entry, hexadecimal. The journal adds it. */
  readonly parent?: string;
  readonly status: ResponseStatus;
  readonly code?: FaultCode;
  readonly stop?: StopReason;
  readonly usage?: Usage;
  readonly providerRequestId?: string;
  /** Members of the provider's answer that this gateway does not know, and left out. Absent where there were none. */
  readonly dropped?: number;
  readonly findingCounts: FindingCounts;
  readonly findings: readonly Span[];
  /**
   * What may leave once this record is durable: all of a buffered answer, what the releases have not of a streamed one.
   * Absent where nothing may.
   */
  readonly released?: readonly AnswerEvent[];
  /** What the model said, before rewriting. Absent where all of it was released as it was: what was released says it. */
  readonly original?: readonly AnswerEvent[];
  /** Bytes handed to the socket before this record, best effort. Receipt by the client is not claimed. */
  readonly bytesSent: number;
}

/** What is done to the gateway or its record, apart from exchanges. */
export type ActKind = 'administration' | 'bodyAccess' | 'change' | 'key' | 'erasure' | 'retention';

/** An act. It holds no content of exchanges. */
export interface ActRecord {
  readonly kind: ActKind;
  /** Names the act, as an exchange's does the exchange. */
  readonly requestId: RequestId;
  readonly time: number;
  /** Who did it: a person at the command line, or `gateway`. */
  readonly operator: string;
  /** What was done, in a word or two. */
  readonly act: string;
  readonly reason?: string;
  /** Who agreed, where a second had to. */
  readonly approver?: string;
  /** Names, numbers and hashes that say what it was done to. */
  readonly details: Readonly<Record<string, string | number | readonly string[]>>;
  /** Absent where nothing of it is. */
  readonly disclosed?: Disclosure;
}

/** What anybody may read of a record, without a key: why something is missing, so that a verifier does not miss it. */
export interface Disclosure {
  /** Ids of record keys that were destroyed, hexadecimal. */
  readonly erasedKeys?: readonly string[];
  /** Paths of segments that were removed. */
  readonly removedSegments?: readonly string[];
  /** An Ed25519 key that signs receipts, as a verifier key of signed notes. */
  readonly receiptKey?: string;
}

export type JournalRecord = RequestRecord | ReleaseRecord | ResponseRecord | ActRecord;

/** Whose record it is: under this tenant's and subject's key it is encrypted, and with that key it is erased. */
export interface RecordOwner {
  readonly tenant: string;
  /** The erasure subject. */
  readonly principal: string;
}

/** How much of prompts and answers is read: with a tag for what was found in them, or every word. */
export type BodyView = 'masked' | 'full';

/** Whose the acts are that belong to no tenant. Tenants' names begin with a letter. */
export const gatewayOwner: RecordOwner = { tenant: '-', principal: 'gateway' };

/** What became of a record that is durable. */
export interface Appended {
  /** Merkle leaf hash of its entry. */
  readonly leafHash: Uint8Array;
}

/**
 * The durable record of exchanges. May be appended to from any number of exchanges at once.
 *
 * `append` resolves once the record is on stable storage and rejects with `journalUnavailable` otherwise. After one
 * failed write the journal stays unavailable: the gateway stops serving rather than serve unrecorded.
 *
 * Trust: whoever can write the directory can delete from its end unseen until the log is sealed elsewhere; whoever
 * can read it learns request ids, times and sizes, never content.
 */
export interface Journal {
  append(record: JournalRecord, owner: RecordOwner): Promise<Appended>;
  isAvailable(): boolean;
  close(): Promise<void>;
}
