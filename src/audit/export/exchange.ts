import type { JournalRecord, RequestRecord, ResponseRecord, StageDecision } from '../../core/index.ts';

export type ReleaseRecord = Extract<JournalRecord, { readonly kind: 'release' }>;

/** An entry's place in the log. */
export interface ExportedEntry {
  readonly index: number;
  /** Merkle leaf hash (RFC 6962, SHA-256). */
  readonly leafHash: Uint8Array;
}

/** One exchange of the log with its proof of place, decrypted. */
export interface ExportedExchange {
  readonly request: RequestRecord;
  readonly releases: readonly ReleaseRecord[];
  readonly response: ResponseRecord | undefined;
  readonly requestEntry: ExportedEntry;
  readonly responseEntry: ExportedEntry | undefined;
}

/**
 * How much of the content goes out. `none`: headers alone. `masked`: texts with a tag in the place of everything that
 * was found in them, and nothing that cannot be masked. `full`: all there is.
 */
export type ExportedBody = 'none' | 'masked' | 'full';

/** What an export says besides the exchanges. */
export interface ExportContext {
  readonly environment: string;
  readonly region: string;
  /** The AWS account, where one is known. */
  readonly accountId?: string;
  /** Of the log's checkpoint. */
  readonly origin: string;
  readonly body: ExportedBody;
}

/** What all stages decided together: the gravest of what each did. No stage at all cleared nothing. */
export type FoldedDecision = StageDecision['decision'];

const gravity = ['pass', 'found', 'rewrite', 'block', 'fault'] as const satisfies readonly FoldedDecision[];

export function foldStages(stages: readonly StageDecision[]): FoldedDecision {
  const decided = new Set(stages.map(({ decision }) => decision));
  return gravity.findLast((decision) => decided.has(decision)) ?? 'fault';
}

/** Whether the stages let the request go to the model. */
export function isSent({ stages }: RequestRecord): boolean {
  const decision = foldStages(stages);
  return decision !== 'block' && decision !== 'fault';
}

export function toHex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}

/** A time of the record, as ISO 8601 in UTC with milliseconds. */
export function toTimestamp(time: number): string {
  return new Date(time).toISOString();
}
