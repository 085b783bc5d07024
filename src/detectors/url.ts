import { wordedValue } from './cue.ts';
import type { Detector } from './detector.ts';

const UNIT = '[^\\s"\'`<>{}|\\\\^]';
/** Signs that end a sentence or close what the address stands in, and not the address. */
const LAST = '[^\\s"\'`<>{}|\\\\^.,;:!?)\\]*_]';
const LONGEST = 1_024;

/** Addresses of the web: with a scheme (RFC 3986), or beginning with `www.`. */
export const url: Detector = {
  name: 'url',
  type: 'URL',
  rules: [],
  cues: [
    wordedValue({ words: '(?:https?|ftps?|wss?)://', value: `${UNIT}{0,${LONGEST}}${LAST}` }),
    wordedValue({
      words: 'www\\.',
      value: `[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,6}(?:[/?#]${UNIT}{0,${LONGEST}}${LAST}|/)?`,
    }),
  ],
};
