import { randomInt } from 'node:crypto';

/** Text of `length` characters, each drawn evenly from `alphabet`. */
export function createRandomText(alphabet: string, length: number): string {
  let text = '';
  while (text.length < length) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}
