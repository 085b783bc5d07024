import type { Part, Span } from '../core/index.ts';
import type { Detector } from './detector.ts';
import { type JsonScalar, readJsonScalars } from './json-scalars.ts';
import { scanText } from './scanner.ts';

/** Longest name and value that are read together as `name: value`. */
const LONGEST_NAME = 64;
const LONGEST_VALUE = 1024;
const GLUE = ': ';

/**
 * Every finding in a part, in that part's own UTF-16 offsets, ascending, merged so that they do not overlap.
 *
 * In JSON the decoded strings, names of members and whole numbers are read, each on its own and a value behind the
 * name of its member; what is found is given where it stands in the raw text. Throws `invalidRequest` where a string
 * of it is malformed.
 */
export function scanPart(detectors: readonly Detector[], { kind, text }: Pick<Part, 'kind' | 'text'>): readonly Span[] {
  switch (kind) {
    case 'text':
    case 'identifier':
    case 'sealed':
      return scanText(detectors, text);
    case 'json':
      return scanJson(detectors, text);
    default:
      return kind satisfies never;
  }
}

function scanJson(detectors: readonly Detector[], json: string): readonly Span[] {
  const found: Span[] = [];
  let name: JsonScalar | undefined;
  for (const scalar of readJsonScalars(json)) {
    if (scalar.kind === 'name') {
      if (name !== undefined) scanAlone(detectors, name, found);
      name = scalar;
      continue;
    }
    if (name !== undefined && scalar.isNamed && isShort(name, scalar)) scanMember(detectors, [name, scalar], found);
    else {
      if (name !== undefined) scanAlone(detectors, name, found);
      scanAlone(detectors, scalar, found);
    }
    name = undefined;
  }
  if (name !== undefined) scanAlone(detectors, name, found);
  return found;
}

function isShort(name: JsonScalar, value: JsonScalar): boolean {
  return name.text.length <= LONGEST_NAME && value.text.length <= LONGEST_VALUE;
}

function scanAlone(detectors: readonly Detector[], scalar: JsonScalar, found: Span[]): void {
  for (const span of scanText(detectors, scalar.text)) found.push(toRaw(span, scalar, span));
}

/** A name says what its value is: `{"ssn": "…"}`. What is found across both is a finding in each. */
function scanMember(
  detectors: readonly Detector[],
  [name, value]: readonly [JsonScalar, JsonScalar],
  found: Span[],
): void {
  const valueStart = name.text.length + GLUE.length;
  for (const span of scanText(detectors, `${name.text}${GLUE}${value.text}`)) {
    if (span.start < name.text.length) {
      found.push(toRaw(span, name, { start: span.start, end: Math.min(span.end, name.text.length) }));
    }
    if (span.end > valueStart) {
      const start = Math.max(span.start, valueStart) - valueStart;
      found.push(toRaw(span, value, { start, end: span.end - valueStart }));
    }
  }
}

function toRaw(span: Span, scalar: JsonScalar, { start, end }: Pick<Span, 'start' | 'end'>): Span {
  return { ...span, start: scalar.rawOffset(start), end: scalar.rawOffset(end) };
}
