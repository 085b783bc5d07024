import type { Part, Span } from '../core/index.ts';
import type { Detector } from './detector.ts';
import { type JsonScalar, readJsonScalars } from './json-scalars.ts';
import { createStreamScanner, scanText } from './scanner.ts';

/** As much of the end of a name is read together with its value, as `name: value`. */
const LONGEST_NAME = 64;
const GLUE = ': ';

/** UTF-16 units of a text that are looked at in one step. */
const STEP = 65_536;
/** What looking at any text, however short, costs besides, in the cost of a unit. */
const LEAST_STEP = 16;

/**
 * Every finding in a part, in that part's own UTF-16 offsets, ascending, merged so that they do not overlap.
 *
 * In JSON the decoded strings, names of members and whole numbers are read, each on its own and a value behind the
 * name of its member; what is found is given where it stands in the raw text. Throws `invalidRequest` where a string
 * of it is malformed.
 */
export function scanPart(detectors: readonly Detector[], part: Pick<Part, 'kind' | 'text'>): readonly Span[] {
  const steps = scanPartInSteps(detectors, part);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As `scanPart`, for a caller that has other work to do: yields how many units of text each step looked at. */
export function* scanPartInSteps(
  detectors: readonly Detector[],
  { kind, text }: Pick<Part, 'kind' | 'text'>,
): Generator<number, readonly Span[]> {
  switch (kind) {
    case 'text':
    case 'identifier':
    case 'sealed':
      return yield* scanTextInSteps(detectors, text);
    case 'json':
      return yield* scanJson(detectors, text);
    default:
      return kind satisfies never;
  }
}

function* scanTextInSteps(detectors: readonly Detector[], text: string): Generator<number, readonly Span[]> {
  if (text.length <= STEP) {
    const spans = scanText(detectors, text);
    yield Math.max(text.length, LEAST_STEP);
    return spans;
  }
  const scanner = createStreamScanner(detectors);
  for (let at = 0; at < text.length; at += STEP) {
    const step = text.slice(at, at + STEP);
    scanner.add(step);
    yield step.length;
  }
  return scanner.end().spans;
}

function* scanJson(detectors: readonly Detector[], json: string): Generator<number, readonly Span[]> {
  const found: Span[] = [];
  let name: JsonScalar | undefined;
  let isNameScanned = true;
  function* scanName(): Generator<number, void> {
    if (name !== undefined && !isNameScanned) yield* scanAlone(detectors, name, found);
    isNameScanned = true;
  }
  for (const scalar of readJsonScalars(json)) {
    if (scalar.kind === 'name') {
      yield* scanName();
      name = scalar;
      isNameScanned = false;
    } else if (name !== undefined && scalar.isNamed) {
      if (name.text.length > LONGEST_NAME) yield* scanName();
      yield* scanMember(detectors, [name, scalar], { found, isNameScanned });
      isNameScanned = true;
    } else {
      yield* scanName();
      yield* scanAlone(detectors, scalar, found);
    }
  }
  yield* scanName();
  return found;
}

function* scanAlone(detectors: readonly Detector[], scalar: JsonScalar, found: Span[]): Generator<number, void> {
  for (const span of yield* scanTextInSteps(detectors, scalar.text)) found.push(toRaw(span, scalar, span));
}

interface MemberSearch {
  readonly found: Span[];
  /** What lies in the name has been found. */
  readonly isNameScanned: boolean;
}

/** A name says what its value is: `{"ssn": "…"}`. What is found across both is a finding in each. */
function* scanMember(
  detectors: readonly Detector[],
  [name, value]: readonly [JsonScalar, JsonScalar],
  { found, isNameScanned }: MemberSearch,
): Generator<number, void> {
  const said = name.text.slice(-LONGEST_NAME);
  const valueStart = said.length + GLUE.length;
  for (const span of yield* scanTextInSteps(detectors, `${said}${GLUE}${value.text}`)) {
    if (span.start < said.length && !isNameScanned) {
      found.push(toRaw(span, name, { start: span.start, end: Math.min(span.end, said.length) }));
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
