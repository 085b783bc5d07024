import { cue } from './cue.ts';

/** Any text of a few lines. */
const LINES = (most: number) => `[\\s\\S]{0,${most}}?`;
const KEY = '[ \\t]{1,12}[A-Za-z0-9_.-]{1,48}:[ \\t]{0,3}(?:[|>][+-]?\\s{1,24})?["\']?';
const VALUE = '[A-Za-z0-9+/]{10,2048}={0,3}';
const SECRET = '[ \\t]{1,3}["\']?[Ss]ecret(?![A-Za-z-])["\']?';

/** The first value in the data of a Kubernetes Secret, which is in base64; `kind` may stand in front of it or behind. */
export const kubernetesSecrets = [
  cue({
    words: 'kind',
    link: `:${SECRET}\\s${LINES(200)}data:\\n${LINES(160)}${KEY}`,
    value: `(${VALUE})(?![A-Za-z0-9+/=])`,
    isValue: isBase64,
  }),
  cue({
    words: 'data',
    link: `:\\n(?:[ \\t]{1,12}#[^\\n]{0,120}\\n)?${KEY}`,
    value: `(${VALUE})(?=["']?\\n${LINES(200)}kind:${SECRET}(?![A-Za-z]))`,
    isValue: isBase64,
  }),
];

/** A path or a word has no capitals among small letters. */
function isBase64(value: string): boolean {
  return /[A-Z]/.test(value) && /[a-z]/.test(value) && /[0-9]|=$/.test(value);
}
