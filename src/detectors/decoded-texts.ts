import { createRunFinder, type Run } from './token-run.ts';

/** A shorter stretch of printable bytes comes about by chance, and holds no value. */
const LEAST_TEXT = 8;
const NONE = -1;

const BASE64 = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
BASE64['-'.charCodeAt(0)] = 62;
BASE64['_'.charCodeAt(0)] = 63;
const HEX = valuesOf('0123456789abcdef');
for (const [at, digit] of [...'ABCDEF'].entries()) HEX[digit.charCodeAt(0)] = 10 + at;
const LEAST_HEX = 16;
const hexDigits = createRunFinder(/[0-9A-Fa-f]/);

/** How many bits a digit of an encoding stands for, and at how many places of a run its first byte may begin. */
interface Encoding {
  readonly values: Int8Array;
  readonly bits: number;
  readonly shifts: number;
}

const base64: Encoding = { values: BASE64, bits: 6, shifts: 4 };
const hex: Encoding = { values: HEX, bits: 4, shifts: 2 };

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(NONE);
  for (const [value, digit] of [...alphabet].entries()) values[digit.charCodeAt(0)] = value;
  return values;
}

export type EncodingName = 'base64' | 'hex';

/** A run of digits, and what it may be encoded in. */
export interface Encoded extends Run {
  readonly encodings: readonly EncodingName[];
}

/**
 * The texts that a run may hold in base64, base64url or hexadecimal digits: what is valid UTF-8 and printable, where
 * that is at least half of what the run decodes to. Pictures, keys and hashes hold none. Digits in front of the encoded
 * ones are tolerated, since a run does not show where it begins to be encoded; so is white space.
 */
export function decodedTexts(text: string, { start, end, encodings }: Encoded): readonly string[] {
  const texts: string[] = [];
  for (const encoding of encodings) {
    if (encoding === 'base64') addShifted(texts, text, { start, end, ...base64 });
    else addHex(texts, text.slice(start, end));
  }
  return texts;
}

function addHex(texts: string[], text: string): void {
  let run = hexDigits.next(text, 0, LEAST_HEX);
  while (run !== undefined) {
    addShifted(texts, text, { ...run, ...hex });
    run = hexDigits.next(text, run.end, LEAST_HEX);
  }
}

function addShifted(texts: string[], text: string, { start, end, ...encoding }: Digits): void {
  for (let shift = 0; shift < encoding.shifts; shift += 1)
    addTexts(texts, text, { start: start + shift, end, ...encoding });
}

/** The bytes of the run that is being decoded; shared, since they are read before the next. */
let bytes = Buffer.alloc(8192);

function addTexts(texts: string[], text: string, digits: Digits): void {
  const length = decode(text, digits);
  const printable = walkStretches(length);
  // Nearly all runs are names and hashes, which end here.
  if (printable === 0 || 2 * printable < length) return;
  walkStretches(length, (start, end) => texts.push(bytes.toString('utf8', start, end)));
}

type Digits = Run & Encoding;

/** Fills `bytes` with what the digits stand for, and returns how many bytes there are. */
function decode(text: string, { start, end, values, bits }: Digits): number {
  if (bytes.length < end - start) bytes = Buffer.alloc(end - start);
  let length = 0;
  let held = 0;
  let heldBits = 0;
  for (let at = start; at < end; at += 1) {
    const value = values[text.charCodeAt(at)] ?? NONE;
    if (value === NONE) continue;
    held = ((held << bits) | value) & 0xffff;
    heldBits += bits;
    if (heldBits < 8) continue;
    heldBits -= 8;
    bytes[length] = held >> heldBits;
    length += 1;
  }
  return length;
}

/**
 * Gives the stretches of the first `length` bytes that are printable text in UTF-8 and long enough. Returns how many
 * bytes they have in all.
 */
function walkStretches(length: number, take?: (start: number, end: number) => void): number {
  let printable = 0;
  let start = 0;
  let at = 0;
  while (at <= length) {
    const width = at < length ? widthOfCharacter(at, length) : 0;
    if (width > 0) {
      at += width;
      continue;
    }
    if (at - start >= LEAST_TEXT) {
      printable += at - start;
      take?.(start, at);
    }
    at += 1;
    start = at;
  }
  return printable;
}

/** Bytes of the printable character that begins at `at` (RFC 3629); 0 where none does. */
function widthOfCharacter(at: number, length: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return (first >= 0x20 && first < 0x7f) || (first >= 0x09 && first <= 0x0d) ? 1 : 0;
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + width > length) return 0;
  for (let next = at + 1; next < at + width; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  // The control characters of Latin-1.
  return first === 0xc2 && (bytes[at + 1] ?? 0) < 0xa0 ? 0 : width;
}
