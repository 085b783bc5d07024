import type { Citation, CitationLocation } from '../../core/index.ts';
import type { Asked } from './asked.ts';
import type { AnswerReading } from './converse-answer.ts';
import { notCarried, parseArray, parseCount, parseObject, parseText, type WireObject } from './wire-value.ts';

const CITATION: ReadonlySet<string> = new Set(['title', 'source', 'sourceContent', 'location']);

/** `Citation` or `CitationsDelta` of the Converse API. Throws `upstreamFailed` where it is malformed. */
export function parseCitation(value: unknown, reading: AnswerReading): Citation {
  const { dropped } = reading;
  const wire = parseObject(value);
  dropped.besides(wire, CITATION);
  const { title, sourceContent, location } = wire;
  const quotes = isAbsent(sourceContent) ? [] : parseArray(sourceContent).map(parseQuote);
  const place: Place = isAbsent(location) ? {} : parsePlace(parseObject(location), { ...reading, quotes });
  const source = isAbsent(wire.source) ? place.url : parseText(wire.source);
  return {
    ...(isAbsent(title) ? {} : { title: parseText(title) }),
    ...(source === undefined ? {} : { source }),
    quotes,
    ...(place.location === undefined ? {} : { location: place.location }),
  };
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A union of which the service model has one member so far; in a stream it may be empty. */
function parseQuote(value: unknown): string {
  const { text, ...others } = parseObject(value);
  if (Object.keys(others).length > 0) throw notCarried('a citation of something else than text');
  return isAbsent(text) ? '' : parseText(text);
}

interface Place {
  readonly location?: CitationLocation;
  readonly url?: string;
}

interface Reading extends AnswerReading {
  readonly quotes: readonly string[];
}

/** `CitationLocation`, a union. A place that the inner form cannot tell is left out and counted. */
function parsePlace(wire: WireObject, reading: Reading): Place {
  const [kind = '', ...others] = Object.keys(wire);
  if (others.length > 0) throw notCarried('a citation of two places');
  const place = parseObject(wire[kind]);
  switch (kind) {
    case 'documentChar':
      return { location: toUnits(parseRange('characters', place, reading.asked), reading) };
    case 'documentPage':
      return { location: parseRange('pages', place, reading.asked) };
    case 'documentChunk':
      return { location: parseRange('chunks', place, reading.asked) };
    case 'web':
      return isAbsent(place.url) ? {} : { url: parseText(place.url) };
    default:
      reading.dropped.add();
      return {};
  }
}

function parseRange(kind: CitationLocation['kind'], place: WireObject, asked: Asked): CitationLocation {
  const range = {
    kind,
    document: parseCount(place.documentIndex),
    start: parseCount(place.start),
    end: parseCount(place.end),
  };
  if (range.document >= asked.documents || range.end < range.start) throw notCarried('a citation of no document');
  return range;
}

/**
 * The service does not say what its characters are. Where the text between the offsets as UTF-16 units is not what is
 * quoted, and as code points is, they were code points.
 */
function toUnits(location: CitationLocation, { asked, quotes }: Reading): CitationLocation {
  const text = asked.documentText(location.document);
  const quote = quotes.join('');
  if (text === undefined || quote === '' || text.slice(location.start, location.end) === quote) return location;
  const start = unitsOf(text, location.start);
  const end = unitsOf(text, location.end);
  return text.slice(start, end) === quote ? { ...location, start, end } : location;
}

/** How many UTF-16 units the first `points` code points of a text take. */
function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let point = 0; point < points && units < text.length; point += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}
