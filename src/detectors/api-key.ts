import { type KeyBody, keyPrefixes, secretLabels } from './api-key.data.ts';
import type { Detector, Report, Rule } from './detector.ts';
import { entropyOf, isRandomKey } from './entropy.ts';
import { shapedKeys } from './key-shapes.ts';
import { kubernetesSecrets } from './kubernetes-secret.ts';
import { LEAST_LONG, longRuns } from './long-run.ts';
import { behindWord, type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';
import { serviceKeys } from './service-keys.ts';

const LONGEST_BODY = 512;
const LONGEST_KEY = LONGEST_BODY + 32;

interface Prefix {
  readonly text: string;
  readonly body: RegExp;
  /**
   * Whether it must not stand inside a word or in base64. A prefix that ends in a sign is a key's wherever it stands;
   * one that ends in a letter, or is short, comes about by chance.
   */
  readonly standsAlone: boolean;
}

const BODIES: Readonly<Record<KeyBody, string>> = {
  alphanumeric: '[A-Za-z0-9]',
  word: '[A-Za-z0-9_-]',
  hex: '[A-Fa-f0-9-]',
  base64: '[A-Za-z0-9+/=_-]',
  dotted: '[A-Za-z0-9._=-]',
};
const ASCII = 128;
const prefixes: readonly Prefix[] = [
  ...keyPrefixes.flatMap(([body, length, texts]) =>
    texts.split(' ').map((text) => createPrefix(text, bodyOf(BODIES[body], length))),
  ),
  // Sallyport's own: environment, id, secret.
  createPrefix('sp_', '[a-z0-9]{1,16}_[A-Za-z0-9]{16}_[A-Za-z0-9]{43}'),
].sort((a, b) => b.text.length - a.text.length);
/** The prefixes by their first two characters, which few others in a text begin with. */
const PREFIXES: ReadonlyMap<number, readonly Prefix[]> = Map.groupBy(prefixes, ({ text }) => pairAt(text, 0));
const IS_FIRST_PAIR = Uint8Array.from({ length: ASCII * ASCII }, (_, pair) => Number(PREFIXES.has(pair)));

/** The pair of ASCII characters at an offset as one number; any other pair is beyond all of these. */
function pairAt(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  return first < ASCII && second < ASCII ? first * ASCII + second : ASCII * ASCII;
}

/** `20-` units or more, or exactly `20`. */
function bodyOf(unit: string, length: string): string {
  const least = Number.parseInt(length, 10);
  return length.endsWith('-') ? `${unit}{${least},${LONGEST_BODY}}` : `${unit}{${least}}(?![A-Za-z0-9_-])`;
}

function createPrefix(text: string, body: string): Prefix {
  return { text, body: new RegExp(body, 'y'), standsAlone: !/^.{3,}_$|^.{4,}[-.]$/.test(text) };
}

/** In a name of a file, too, a prefix may come about by chance. */
const BASE64 = /[A-Za-z0-9+/_.-]/;

/** Keys by their prefix, in any run of characters long enough to hold one. */
const prefixed: Rule = {
  reads: 'view',
  scan({ text, isEnd, firstLong = 0 }, from, report) {
    let pending = isEnd ? text.length : Math.max(from, longRuns.trailing(text, LONGEST_KEY));
    let run = longRuns.next(text, Math.max(from, firstLong), LEAST_LONG);
    while (run !== undefined && run.start < pending) {
      const last = scanRun(text, { start: run.start, end: Math.min(run.end, pending) }, report);
      if (last > pending) pending = last;
      run = longRuns.next(text, Math.max(run.end, last), LEAST_LONG);
    }
    return pending;
  },
};

/** Reports the keys that begin in a run and returns where the last of them ends. */
function scanRun(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  report: Report,
): number {
  let at = start;
  while (at < end) {
    const keyEnd = IS_FIRST_PAIR[pairAt(text, at)] === 1 ? endOfKey(text, at) : undefined;
    if (keyEnd === undefined) at += 1;
    else {
      report(at, keyEnd);
      at = keyEnd;
    }
  }
  return at;
}

function endOfKey(text: string, start: number): number | undefined {
  for (const { text: prefix, body, standsAlone } of PREFIXES.get(pairAt(text, start)) ?? []) {
    if (!text.startsWith(prefix, start)) continue;
    if (standsAlone && start > 0 && BASE64.test(text.charAt(start - 1))) continue;
    body.lastIndex = start + prefix.length;
    const match = body.exec(text);
    if (match !== null && isRandomKey(match[0])) return body.lastIndex;
  }
  return undefined;
}

const LABELS = secretLabels.map((label) => label.replaceAll(' ', '[ _-]?')).join('|');
const LABEL = `(?:${LABELS})["'\`]?\\s{0,3}`;
const SIGN = '(?:[:=>]=?>?|\\b(?:is|ist|est|es)\\b)';
const VALUE = '[^\\s"\'`<>{}()\\[\\],;|\\\\]';
const LONGEST_VALUE = 200;
/** The sign first, since it is rare; then what stands in front of it; then the value. */
const ASSIGNMENT = new RegExp(`${SIGN}(?<=${LABEL}${SIGN})\\s{0,3}["'\`]?(${VALUE}{8,${LONGEST_VALUE}})`, 'gi');
const UNFINISHED_ASSIGNMENT = new RegExp(
  `${SIGN}(?<=${LABEL}${SIGN})\\s{0,3}["'\`]?${VALUE}{0,${LONGEST_VALUE}}$|[ie](?:s|st)?$(?<=${LABEL}[a-z]{1,3})`,
  'gi',
);
/** Each label holds one of these. */
const STEM = /pass|contras|pwd|secret|cred|token|key/gi;
const LONGEST_ASSIGNMENT = LONGEST_VALUE + 8;
/** Bits a character in an assigned value. */
const LEAST_VALUE_ENTROPY = 2.75;
const REFERENCE = /^(?:\$|%|https?:|process\.|os\.|env\.|config\.|self\.|this\.|\/|\.\/)|[*]{3}|\.{3}/i;

/**
 * Keys of well-known services by their prefix, and random-looking values behind words such as `password` and
 * `api_key`.
 */
export const apiKey: Detector = {
  name: 'apiKey',
  type: 'API_KEY',
  rules: [
    prefixed,
    ...shapedKeys,
    patternRule({
      first: behindWord(STEM),
      pattern: ASSIGNMENT,
      unfinished: unfinishedMatch(UNFINISHED_ASSIGNMENT, LONGEST_ASSIGNMENT),
      locate: locateValue,
    }),
  ],
  cues: [...serviceKeys, ...kubernetesSecrets],
};

/** Words, numbers, paths, calls and references to variables are not secrets, whatever they are called. */
function locateValue(match: RegExpExecArray, text: string): ReturnType<Locate> {
  const [whole, matched = ''] = match;
  const start = match.index + whole.length - matched.length;
  const value = matched.replace(/[.:!?]+$/, '');
  const isMixed = /[0-9]/.test(value) && /[A-Za-z]/.test(value);
  const isReference = REFERENCE.test(value) || text.charAt(start + matched.length) === '(';
  const isSecret = isMixed && !isReference && entropyOf(value) >= LEAST_VALUE_ENTROPY;
  return isSecret ? { start, end: start + value.length } : undefined;
}
