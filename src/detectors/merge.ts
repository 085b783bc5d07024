import type { FindingType, Span } from '../core/index.ts';
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
  'PROMPT_ATTACK',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'EMAIL',
  'IP_ADDRESS',
  'PHONE',
  'HIDDEN_TEXT',
];
const RANKS: ReadonlyMap<FindingType, number> = new Map(PRIORITY.map((type, rank) => [type, rank]));

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
  let open: Hit | undefined;
  for (const hit of sorted) {
    if (open === undefined || hit.start >= open.end) {
      if (open !== undefined) spans.push(toSpan(open));
      open = hit;
      continue;
    }
    const isFirst = rankOf(hit.detector.type) < rankOf(open.detector.type);
    open = {
      start: open.start,
      end: Math.max(open.end, hit.end),
      detector: isFirst ? hit.detector : open.detector,
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

function toSpan({ start, end, detector }: Hit): Span {
  return { start, end, type: detector.type, detector: detector.name };
}
