import { toUnicodeEscape } from './unicode-escape.ts';

// They end a line for some readers, or drive terminals. JSON lets them stand as they are, but within strings alone.
const UNESCAPED = /[\u007f-\u009f\u2028\u2029]/g;

/** A value as one line of JSON, with its line feed, that is a line for every reader. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value).replaceAll(UNESCAPED, toUnicodeEscape)}\n`;
}
