import { DocumentRefused } from '../refusal.ts';
import type { PdfArray, PdfDictionary, PdfName, PdfObject, PdfString } from './objects.ts';

const DEEPEST = 100;
const REGULAR = 0;
const SPACE = 1;
const DELIMITER = 2;

/** What each byte is to the syntax (ISO 32000-2, 7.2.3). */
const CLASS = new Uint8Array(256);
for (const byte of [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]) CLASS[byte] = SPACE;
for (const mark of '()<>[]{}/%') CLASS[mark.charCodeAt(0)] = DELIMITER;

const ESCAPES: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c };

/** Reads objects and keywords from bytes. Whatever the syntax does not provide for is refused as damaged. */
export class PdfParser {
  /** Where the next token begins, or white space before it. */
  at: number;
  readonly #bytes: Uint8Array;
  readonly #comments: string[] | undefined;

  /** Comments on the way are added to `comments`. */
  constructor(bytes: Uint8Array, at = 0, comments?: string[]) {
    this.#bytes = bytes;
    this.#comments = comments;
    this.at = at;
  }

  /** The object here, a stream's dictionary without its data. */
  readObject(depth = 0): PdfObject {
    if (depth > DEEPEST) throw new DocumentRefused('damaged');
    this.skipSpace();
    switch (this.#peek()) {
      case '/':
        return this.#readName();
      case '(':
        return this.#readLiteral();
      case '[':
        return this.#readArray(depth);
      case '<':
        return this.#peek(1) === '<' ? this.#readDictionary(depth) : this.#readHexadecimal();
      default:
        return this.#readWord();
    }
  }

  /** The run of regular characters here; empty at a delimiter or the end. */
  readKeyword(): string {
    this.skipSpace();
    const start = this.at;
    while (this.at < this.#bytes.length && CLASS[this.#bytes[this.at] ?? 0] === REGULAR) this.at += 1;
    return latin1(this.#bytes.subarray(start, this.at));
  }

  /** An integer that is not negative. */
  readInteger(): number {
    const word = this.readKeyword();
    if (!/^[0-9]{1,15}$/.test(word)) throw new DocumentRefused('damaged');
    return Number(word);
  }

  expect(keyword: string): void {
    if (this.readKeyword() !== keyword) throw new DocumentRefused('damaged');
  }

  /** Passes over white space and comments. */
  skipSpace(): void {
    for (; this.at < this.#bytes.length; this.at += 1) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte === 0x25) {
        const start = this.at + 1;
        while (this.at < this.#bytes.length && !isLineEnd(this.#bytes[this.at])) this.at += 1;
        this.#comments?.push(latin1(this.#bytes.subarray(start, this.at)));
      } else if (CLASS[byte] !== SPACE) return;
    }
  }

  #peek(ahead = 0): string {
    const byte = this.#bytes[this.at + ahead];
    return byte === undefined ? '' : String.fromCharCode(byte);
  }

  #readName(): PdfName {
    this.at += 1;
    const start = this.at;
    while (this.at < this.#bytes.length && CLASS[this.#bytes[this.at] ?? 0] === REGULAR) this.at += 1;
    const raw = latin1(this.#bytes.subarray(start, this.at));
    const name = raw.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return { kind: 'name', name };
  }

  #readLiteral(): PdfString {
    const bytes: number[] = [];
    let open = 1;
    this.at += 1;
    for (;;) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw new DocumentRefused('damaged');
      this.at += 1;
      if (byte === 0x5c) this.#readEscape(bytes);
      else if (byte === 0x0d) {
        if (this.#peek() === '\n') this.at += 1;
        bytes.push(0x0a);
      } else {
        if (byte === 0x28) open += 1;
        if (byte === 0x29) open -= 1;
        if (open === 0) return { kind: 'string', bytes: Uint8Array.from(bytes) };
        bytes.push(byte);
      }
    }
  }

  #readEscape(bytes: number[]): void {
    const mark = this.#peek();
    if (/[0-7]/.test(mark)) {
      const [octal = ''] = /^[0-7]{1,3}/.exec(mark + this.#peek(1) + this.#peek(2)) ?? [];
      this.at += octal.length;
      bytes.push(Number.parseInt(octal, 8) & 0xff);
      return;
    }
    this.at += 1;
    // A backslash at the end of a line continues the string on the next; before any other character it means nothing.
    if (mark === '\r' && this.#peek() === '\n') this.at += 1;
    else if (mark !== '\r' && mark !== '\n') bytes.push(ESCAPES[mark] ?? mark.charCodeAt(0));
  }

  #readHexadecimal(): PdfString {
    const end = this.#bytes.indexOf(0x3e, this.at);
    if (end < 0) throw new DocumentRefused('damaged');
    const digits = latin1(this.#bytes.subarray(this.at + 1, end)).replace(/[\0\t\n\f\r ]/g, '');
    if (/[^0-9A-Fa-f]/.test(digits)) throw new DocumentRefused('damaged');
    this.at = end + 1;
    return { kind: 'string', bytes: Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex') };
  }

  #readArray(depth: number): PdfArray {
    this.at += 1;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#peek() === ']') {
        this.at += 1;
        return { kind: 'array', items };
      }
      items.push(this.readObject(depth + 1));
    }
  }

  #readDictionary(depth: number): PdfDictionary {
    this.at += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      this.skipSpace();
      if (this.#peek() === '>' && this.#peek(1) === '>') {
        this.at += 2;
        return { kind: 'dictionary', entries };
      }
      if (this.#peek() !== '/') throw new DocumentRefused('damaged');
      const { name } = this.#readName();
      const value = this.readObject(depth + 1);
      // Of two entries with one name some readers take the first, others the last.
      if (entries.has(name)) throw new DocumentRefused('damaged');
      entries.set(name, value);
    }
  }

  /** A number, a reference or one of three keywords. */
  #readWord(): PdfObject {
    const word = this.readKeyword();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[-+]*(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) throw new DocumentRefused('damaged');
    const number = Number(word.replace(/^(?:\+|--)+/, ''));
    return /^[0-9]{1,10}$/.test(word) ? (this.#readReference(number) ?? number) : number;
  }

  #readReference(number: number): PdfObject | undefined {
    const before = this.at;
    const isReference = /^[0-9]{1,5}$/.test(this.readKeyword()) && this.readKeyword() === 'R';
    if (isReference) return { kind: 'reference', number };
    this.at = before;
    return undefined;
  }
}

/** Bytes as characters of the same number. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Whether a byte ends a line; the end of the file does. */
function isLineEnd(byte: number | undefined): boolean {
  return byte === undefined || byte === 0x0a || byte === 0x0d;
}
