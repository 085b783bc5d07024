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

/** Decodes UTF-8, refusing malformed bytes and a byte order mark: two readers must not see two texts. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
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
  const spans = new WeakMap<object, readonly [number, number]>();
  let at = 0;

  function value(depth: number): unknown {
    space();
    const code = text.charCodeAt(at);
    if (code === 0x7b) return object(depth + 1);
    if (code === 0x5b) return array(depth + 1);
    if (code === 0x22) return string();
    if (text.startsWith('true', at)) return word(4, true);
    if (text.startsWith('false', at)) return word(5, false);
    if (text.startsWith('null', at)) return word(4, null);
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
    const read = readJsonString(text, at);
    at = read.end;
    if (!read.text.isWellFormed()) throw malformed('a string holds a lone surrogate');
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
  PLAIN_STRING.lastIndex = start + 1;
  PLAIN_STRING.test(source);
  let at = PLAIN_STRING.lastIndex;
  if (source.charCodeAt(at) === 0x22) return { text: source.slice(start + 1, at), end: at + 1 };

  const offsets: number[] = [];
  let text = '';
  let from = start + 1;
  for (;;) {
    for (let unit = from; unit < at; unit += 1) offsets.push(unit);
    text += source.slice(from, at);
    const code = source.charCodeAt(at);
    if (code === 0x22) break;
    if (code !== 0x5c) throw malformed('a string is not closed or holds a control character');
    offsets.push(at);
    const letter = source.charAt(at + 1);
    if (letter === 'u') {
      const hex = source.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw malformed('a string holds a broken escape');
      text += String.fromCharCode(Number.parseInt(hex, 16));
      from = at + 6;
    } else {
      const plain = ESCAPES[letter];
      if (plain === undefined) throw malformed('a string holds a broken escape');
      text += plain;
      from = at + 2;
    }
    PLAIN_STRING.lastIndex = from;
    PLAIN_STRING.test(source);
    at = PLAIN_STRING.lastIndex;
  }
  offsets.push(at);
  return { text, end: at + 1, offsets: Uint32Array.from(offsets) };
}

function malformed(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail: `the body is not acceptable JSON, ${detail}` });
}
