import type { PartIndex } from './part.ts';

/**
 * Personal data and credentials, by the names that Amazon Bedrock Guardrails has for them: its API Reference,
 * `GuardrailPiiEntityConfig`.
 */
export const piiEntityTypes = [
  'ADDRESS',
  'AGE',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'CA_HEALTH_NUMBER',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'CREDIT_DEBIT_CARD_CVV',
  'CREDIT_DEBIT_CARD_EXPIRY',
  'CREDIT_DEBIT_CARD_NUMBER',
  'DRIVER_ID',
  'EMAIL',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'IP_ADDRESS',
  'LICENSE_PLATE',
  'MAC_ADDRESS',
  'NAME',
  'PASSWORD',
  'PHONE',
  'PIN',
  'SWIFT_CODE',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'UK_NATIONAL_INSURANCE_NUMBER',
  'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
  'URL',
  'USERNAME',
  'US_BANK_ACCOUNT_NUMBER',
  'US_BANK_ROUTING_NUMBER',
  'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  'US_PASSPORT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'VEHICLE_IDENTIFICATION_NUMBER',
] as const;

export type PiiEntityType = (typeof piiEntityTypes)[number];

/** What text can hold whatever anybody's guardrail says: Bedrock's types, and ours where it has none. */
export const inspectedTypes = [
  ...piiEntityTypes,
  'PRIVATE_KEY',
  'BEARER_TOKEN',
  'API_KEY',
  'URL_CREDENTIALS',
  'PROMPT_ATTACK',
  'HIDDEN_TEXT',
] as const;

export type InspectedType = (typeof inspectedTypes)[number];

/** What only a guardrail says that it is looked for, each by the part of the policy that says so. */
const guardrailTypes = [
  'WORD',
  'PROFANITY',
  'REGEX',
  'TOPIC',
  'SEXUAL',
  'VIOLENCE',
  'HATE',
  'INSULTS',
  'MISCONDUCT',
  'GROUNDING',
  'RELEVANCE',
  'TONE',
  'SYSTEM_PROMPT',
  'PROTECTED_TEXT',
  'EXFILTRATION_LINK',
  'OUTPUT_SCHEMA',
  'REMOTE_GUARDRAIL',
] as const;

/** Everything that can be found. */
export const findingTypes = [...inspectedTypes, ...guardrailTypes] as const;

export type FindingType = (typeof findingTypes)[number];

/** What something was found to be, and by which detector. */
export interface Found {
  readonly type: FindingType;
  /** The detector's name. */
  readonly detector: string;
  /** From 0 to 1, of a detector that is more or less sure. */
  readonly score?: number;
}

/** Where something was found: UTF-16 offsets, end exclusive. INVARIANT: never holds the matched text. */
export interface Span extends Found {
  readonly start: number;
  readonly end: number;
  /** What else lies in it, of other detectors. Absent where there is nothing. */
  readonly also?: readonly Found[];
}

/** A span in one part of a request, in that part's own text. */
export interface Finding extends Span {
  readonly part: PartIndex;
}

/** How many findings there are of each type: what may appear in a record's header, a log line or a policy. */
export type FindingCounts = Readonly<Partial<Record<FindingType, number>>>;

export function countFindings(findings: readonly { readonly type: FindingType }[]): FindingCounts {
  const counts: Partial<Record<FindingType, number>> = {};
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
