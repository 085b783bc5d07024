import { type Edit, isJson, type JsonString, type PartKind, readJsonString, type Span } from '../core/index.ts';

type Masked = Pick<Span, 'start' | 'end' | 'type'> & Partial<Pick<Span, 'detector'>>;

/**
 * Puts a tag in the place of each span: `{EMAIL}`, the form Amazon Bedrock Guardrails anonymises with. Hidden text is
 * taken out, since nothing visible stood there. Spans ascend and do not overlap; offsets are UTF-16 units of `text`.
 *
 * Undefined where it cannot be done: in an identifier, in a JSON number, and where the result would no longer be
 * the same JSON. Whoever asked must then refuse.
 */
export function maskText(text: string, spans: readonly Masked[], kind: PartKind): string | undefined {
  if (spans.length === 0) return text;
  switch (kind) {
    case 'text':
      return splice(text, spans);
    case 'json':
      return maskJson(text, spans);
    case 'identifier':
    case 'sealed':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** What stands in the place of a finding. Nothing visible stood in the place of hidden text. */
function tagOf({ type, detector = '' }: Masked): string {
  if (type === 'HIDDEN_TEXT') return '';
  const [, name] = type === 'REGEX' ? (REGEX_NAME.exec(detector) ?? []) : [];
  return `{${name?.replace(NOT_IN_TAGS, '_') ?? type}}`;
}

/** A guardrail's author has named the pattern, in any characters: a tag must need no escape wherever it stands. */
const REGEX_NAME = /:regex:(.+)$/s;
const NOT_IN_TAGS = /[^\w .-]/g;

/** Where `maskText` rewrites a text, for spans that it can mask. */
export function maskEdits(spans: readonly Masked[]): readonly Edit[] {
  return spans.map((span) => ({ start: span.start, end: span.end, length: tagOf(span).length }));
}

function splice(text: string, spans: readonly Masked[]): string | undefined {
  let result = '';
  let at = 0;
  for (const span of spans) {
    if (span.start < at || span.end < span.start || span.end > text.length) return undefined;
    result += text.slice(at, span.start) + tagOf(span);
    at = span.end;
  }
  return result + text.slice(at);
}

/** Tags need no escape in a string literal, so the raw text around them stays byte for byte what it was. */
function maskJson(json: string, spans: readonly Masked[]): string | undefined {
  if (!lieInStrings(json, spans)) return undefined;
  const result = splice(json, spans);
  // Two keys that become the same tag would be one key to whoever reads them: such JSON is refused, not rewritten.
  return result !== undefined && isJson(result) ? result : undefined;
}

/**
 * Whether each span lies between the quotes of one string literal and cuts no escape sequence in two. One pass: in
 * JSON quotes stand nowhere else.
 */
function lieInStrings(json: string, spans: readonly Masked[]): boolean {
  let literal: JsonString = { text: '', end: 0 };
  let unit = 0;
  for (const { start, end } of spans) {
    while (literal.end <= start) {
      const open = json.indexOf('"', literal.end);
      if (open === -1 || open >= start) return false;
      literal = readJsonString(json, open);
      unit = 0;
    }
    if (end >= literal.end) return false;
    const { offsets } = literal;
    for (const edge of offsets === undefined ? [] : [start, end]) {
      while ((offsets?.[unit] ?? edge) < edge) unit += 1;
      if (offsets?.[unit] !== edge) return false;
    }
  }
  return true;
}
