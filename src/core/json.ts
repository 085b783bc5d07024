import { GatewayError } from './errors.ts';

/** A parsed JSON value, and the raw text each object and array in it came from. */
export interface JsonDocument {
  readonly value: unknown;
  /** The raw JSON of an object or array of this document, byte for byte as it was sent. */
  rawOf(value: object): string;
}

interface JsonLimits {
  /** Deepest nesting of objects and arrays. */
  readonly maxDepth: number;
}

const DEFAULT_LIMITS: JsonLimits = { maxDepth: 64 };
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN_STRING = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

// Without `stream` it keeps nothing from one call to the next, not even after bytes that it refused.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8, refusing malformed bytes and a byte order mark: two readers must not see two texts. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new GatewayError('invalidRequest', { detail: 'the body is not valid UTF-8', cause });
  }
  if (text.startsWith('\ufeff')) throw malformed('the body begins with a byte order mark');
  return text;
}

/**
 * Parses JSON (RFC 8259) and keeps where each object and array came from.
 *
 * Stricter than `JSON.parse`: duplicate keys, `__proto__`, lone surrogates, numbers beyond a double's range and deep
 * nesting are refused with `invalidRequest`, because a provider might read them otherwise than we inspected them.
 */
export function parseJson(text: string, limits: JsonLimits = DEFAULT_LIMITS): JsonDocument {
  const spans = new Map<object, readonly [start: number, end: number]>();
  // Of a well-formed text no literal can hold half a character, but for one that an escape writes.
  const isWellFormed = text.isWellFormed();
  let at = 0;

  function value(depth: number): unknown {
    space();
    const code = text.charCodeAt(at);
    if (code === 0x7b) return object(depth + 1);
    if (code === 0x5b) return array(depth + 1);
    if (code === 0x22) return string();
    if (code === 0x74 && text.startsWith('true', at)) return word(4, true);
    if (code === 0x66 && text.startsWith('false', at)) return word(5, false);
    if (code === 0x6e && text.startsWith('null', at)) return word(4, null);
    return number();
  }

  function word<T>(length: number, result: T): T {
    at += length;
    return result;
  }

  function object(depth: number): Record<string, unknown> {
    const start = at;
    enter(depth);
    const result: Record<string, unknown> = {};
    if (!closes(0x7d)) {
      do {
        space();
        if (text.charCodeAt(at) !== 0x22) throw malformed('a key was expected');
        const key = string();
        if (key === '__proto__') throw malformed('the key `__proto__` is not accepted');
        if (Object.hasOwn(result, key)) throw malformed('an object has the same key twice');
        expect(0x3a);
        result[key] = value(depth);
      } while (continues(0x7d));
    }
    spans.set(result, [start, at]);
    return result;
  }

  function array(depth: number): unknown[] {
    const start = at;
    enter(depth);
    const result: unknown[] = [];
    if (!closes(0x5d)) {
      do result.push(value(depth));
      while (continues(0x5d));
    }
    spans.set(result, [start, at]);
    return result;
  }

  function string(): string {
    const read = readString(text, at);
    at = read.end;
    if (!(isWellFormed && read.plain) && !read.text.isWellFormed()) throw malformed('a string holds a lone surrogate');
    return read.text;
  }

  function number(): number {
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) throw malformed('a value was expected');
    at = NUMBER.lastIndex;
    const result = Number(match[0]);
    if (!Number.isFinite(result)) throw malformed('a number is out of range');
    return result;
  }

  function space(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      at += 1;
    }
  }

  function enter(depth: number): void {
    if (depth > limits.maxDepth) throw malformed(`nested deeper than ${limits.maxDepth} levels`);
    at += 1;
  }

  function closes(code: number): boolean {
    space();
    if (text.charCodeAt(at) !== code) return false;
    at += 1;
    return true;
  }

  function continues(close: number): boolean {
    if (closes(close)) return false;
    if (text.charCodeAt(at) !== 0x2c) throw malformed('a comma was expected');
    at += 1;
    return true;
  }

  function expect(code: number): void {
    space();
    if (text.charCodeAt(at) !== code) throw malformed('a colon was expected');
    at += 1;
  }

  const result = value(0);
  space();
  if (at !== text.length) throw malformed('text follows the end of the value');
  return {
    value: result,
    rawOf(node) {
      const span = spans.get(node);
      if (span === undefined) throw new RangeError('not a node of this document');
      return text.slice(span[0], span[1]);
    },
  };
}

/** Whether a text is JSON as `parseJson` takes it: JSON that two readers could read in two ways is none. */
export function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** A string literal of a JSON text: decoded, with where it ends and, if it has escapes, where each unit came from. */
export interface JsonString {
  readonly text: string;
  /** Offset in the JSON text just past the closing quote. */
  readonly end: number;
  /**
   * Absent where the literal has no escape. Else, for each UTF-16 unit of `text` and one past its end, the offset in
   * the JSON text at which it is written.
   */
  readonly offsets?: Uint32Array;
}

/** Reads the JSON string literal whose opening quote stands at `start`. Throws `invalidRequest` where it is malformed. */
export function readJsonString(source: string, start: number): JsonString {
  const offsets: number[] = [];
  const { text, end, plain } = readString(source, start, offsets);
  return plain ? { text, end } : { text, end, offsets: Uint32Array.from(offsets) };
}

interface StringLiteral extends Omit<JsonString, 'offsets'> {
  /** Whether it has no escape. */
  readonly plain: boolean;
}

/** As `readJsonString`; where there is an escape, the offsets are put into `offsets`, if it is given. */
function readString(source: string, start: number, offsets?: number[]): StringLiteral {
  let at = endOfPlain(source, start + 1);
  if (source.charCodeAt(at) === 0x22) return { text: source.slice(start + 1, at), end: at + 1, plain: true };

  let text = '';
  let from = start + 1;
  for (;;) {
    for (let unit = from; offsets !== undefined && unit < at; unit += 1) offsets.push(unit);
    text += source.slice(from, at);
    const code = source.charCodeAt(at);
    offsets?.push(at);
    if (code === 0x22) return { text, end: at + 1, plain: false };
    if (code !== 0x5c) throw malformed('a string is not closed or holds a control character');
    const escaped = readEscape(source, at + 1);
    text += escaped;
    from = at + (source.charCodeAt(at + 1) === 0x75 ? 6 : 2);
    at = endOfPlain(source, from);
  }
}

/** The character that the escape stands for whose letter stands at `at`. */
function readEscape(source: string, at: number): string {
  const letter = source.charAt(at);
  if (letter !== 'u') {
    const plain = ESCAPES[letter];
    if (plain === undefined) throw malformed('a string holds a broken escape');
    return plain;
  }
  const hex = source.slice(at + 1, at + 5);
  if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw malformed('a string holds a broken escape');
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function endOfPlain(source: string, from: number): number {
  PLAIN_STRING.lastIndex = from;
  PLAIN_STRING.test(source);
  return PLAIN_STRING.lastIndex;
}

function malformed(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail: `the body is not acceptable JSON, ${detail}` });
}
