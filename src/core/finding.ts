import type { PartIndex } from './part.ts';

/**
 * What a detector can find. Names of personal data and credentials are those of Amazon Bedrock Guardrails where it
 * has one; the rest are ours: `PRIVATE_KEY`, `BEARER_TOKEN`, `API_KEY`, `URL_CREDENTIALS`, `PROMPT_ATTACK`,
 * `HIDDEN_TEXT`.
 */
export const findingTypes = [
  'EMAIL',
  'PHONE',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'IP_ADDRESS',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'PRIVATE_KEY',
  'BEARER_TOKEN',
  'API_KEY',
  'URL_CREDENTIALS',
  'PROMPT_ATTACK',
  'HIDDEN_TEXT',
] as const;

export type FindingType = (typeof findingTypes)[number];

/** Where something was found: UTF-16 offsets, end exclusive. INVARIANT: never holds the matched text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: FindingType;
  /** The detector's name. */
  readonly detector: string;
}

/** A span in one part of a request, in that part's own text. */
export interface Finding extends Span {
  readonly part: PartIndex;
}

/** What is done about a finding. `mask` replaces it; `block` refuses the request, or ends the answer before it. */
export type ContentAction = 'mask' | 'block' | 'allow';

/** What is done about each type of finding, on the way in and on the way out. */
export interface ContentPolicy {
  readonly input: Readonly<Record<FindingType, ContentAction>>;
  readonly output: Readonly<Record<FindingType, ContentAction>>;
  readonly blockedInputMessage: string;
  readonly blockedOutputMessage: string;
}

/** How many findings there are of each type: what may appear in a record's header, a log line or a policy. */
export type FindingCounts = Readonly<Partial<Record<FindingType, number>>>;

export function countFindings(findings: readonly { readonly type: FindingType }[]): FindingCounts {
  const counts: Partial<Record<FindingType, number>> = {};
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
