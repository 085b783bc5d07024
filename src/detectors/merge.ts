import type { FindingType, Found, Span } from '../core/index.ts';
import type { Detector } from './detector.ts';

/**
 * Whose type a span has that several detectors claim: the one that stands first. Credentials come before all else,
 * because they open more than they say; an attack before personal data, because it is usually blocked, not masked.
 */
const PRIORITY: readonly FindingType[] = [
  'PRIVATE_KEY',
  'AWS_SECRET_KEY',
  'AWS_ACCESS_KEY',
  'BEARER_TOKEN',
  'URL_CREDENTIALS',
  'API_KEY',
  'PASSWORD',
  'PROMPT_ATTACK',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'UK_NATIONAL_INSURANCE_NUMBER',
  'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
  'CA_HEALTH_NUMBER',
  'US_PASSPORT_NUMBER',
  'DRIVER_ID',
  'US_BANK_ACCOUNT_NUMBER',
  'US_BANK_ROUTING_NUMBER',
  'CREDIT_DEBIT_CARD_CVV',
  'CREDIT_DEBIT_CARD_EXPIRY',
  'PIN',
  'EMAIL',
  'IP_ADDRESS',
  'PHONE',
  'VEHICLE_IDENTIFICATION_NUMBER',
  'LICENSE_PLATE',
  'MAC_ADDRESS',
  'SWIFT_CODE',
  'ADDRESS',
  'USERNAME',
  'NAME',
  'AGE',
  'URL',
  'HIDDEN_TEXT',
  'REGEX',
  'WORD',
  'PROFANITY',
  // Said of whole sentences and answers, never merged.
  'PROTECTED_TEXT',
  'SYSTEM_PROMPT',
  'EXFILTRATION_LINK',
  'OUTPUT_SCHEMA',
  'TOPIC',
  'SEXUAL',
  'VIOLENCE',
  'HATE',
  'INSULTS',
  'MISCONDUCT',
  'TONE',
  'GROUNDING',
  'RELEVANCE',
  'REMOTE_GUARDRAIL',
];
const RANKS: ReadonlyMap<FindingType, number> = new Map(PRIORITY.map((type, rank) => [type, rank]));

/** Hits that overlap, as one. */
interface Merged extends Hit {
  /** Other detectors, whose hits are within. */
  readonly also?: readonly Detector[];
}

/** A match of one detector, in raw offsets. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly detector: Detector;
}

export function rankOf(type: FindingType): number {
  return RANKS.get(type) ?? PRIORITY.length;
}

/** One span for each group of hits that overlap one another: their union, with the type of first priority. */
export function mergeHits(hits: readonly Hit[]): Span[] {
  const sorted = hits.toSorted((a, b) => a.start - b.start);
  const spans: Span[] = [];
  let open: Merged | undefined;
  for (const hit of sorted) {
    if (open === undefined || hit.start >= open.end) {
      if (open !== undefined) spans.push(toSpan(open));
      open = hit;
      continue;
    }
    const isFirst = byRank(hit.detector, open.detector) < 0;
    const [first, other] = isFirst ? [hit.detector, open.detector] : [open.detector, hit.detector];
    open = {
      start: open.start,
      end: Math.max(open.end, hit.end),
      detector: first,
      also: withOther(open.also, first, other),
    };
  }
  if (open !== undefined) spans.push(toSpan(open));
  return spans;
}

/** `hits` without those that only lengthen one that is whole where its block ends; offsets of ends in `blockEnds`. */
export function endWithBlocks(hits: readonly Hit[], blockEnds: ReadonlySet<number>): Hit[] {
  const whole = new Map<number, Hit>();
  for (const hit of hits) {
    if (hit.detector.endsWithBlock !== true || !blockEnds.has(hit.end)) continue;
    // The shortest, whatever the order they came in: that depends on how the text was divided.
    if (hit.end < (whole.get(hit.start)?.end ?? Number.POSITIVE_INFINITY)) whole.set(hit.start, hit);
  }
  return hits.filter((hit) => {
    const first = whole.get(hit.start);
    return first === undefined || first.detector !== hit.detector || hit.end <= first.end;
  });
}

function withOther(known: readonly Detector[] = NONE, first: Detector, other: Detector): readonly Detector[] {
  const others = known.includes(other) ? known : [...known, other];
  return others.filter((detector) => detector !== first).toSorted(byRank);
}

const NONE: readonly Detector[] = [];

// Hits come in an order that depends on how the text was divided; what is made of them must not.
function byRank(one: Detector, other: Detector): number {
  return rankOf(one.type) - rankOf(other.type) || (one.name < other.name ? -1 : 1);
}

function toSpan({ start, end, detector, also = NONE }: Merged): Span {
  const span = { start, end, ...toFound(detector) };
  return also.length === 0 ? span : { ...span, also: also.map(toFound) };
}

function toFound({ name, type }: Detector): Found {
  return { type, detector: name };
}
