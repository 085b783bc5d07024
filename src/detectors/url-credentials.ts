import { boundedPattern } from './bounded-pattern.ts';
import { AT, COLON } from './character-class.ts';
import type { Detector } from './detector.ts';
import { behindWord, type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

const USER = '[^\\s/?#:@"\'<>`{}]{0,64}';
const PASSWORD = '[^\\s/?#"\'<>`{}]{1,128}';
/** The user information of a URL (RFC 3986, section 3.2.1). A password may hold an `@` that was left as it is. */
const PATTERN = new RegExp(`(?<=[a-z0-9]:\\/\\/)${USER}:${PASSWORD}@`, 'gi');
const UNFINISHED = /(?<=[a-z0-9]:\/\/)[^\s/?#"'<>`{}]{0,194}$/gi;
const LONGEST = 194;

/** `curl -u user:password`, with quotes around one or both; one of them may be missing. */
const OPTION = boundedPattern(
  `(?<=\\s(?:-u|--user)[ =]{1,3})(?:"[^"\\s:]{0,64}:[^"\\s]{0,64}"|'[^'\\s:]{0,64}:[^'\\s]{0,64}'|` +
    `(?:"[^"\\s:]{1,64}"|'[^'\\s:]{1,64}'|[^\\s"':]{1,64}):(?:"[^"\\s]{1,64}"|'[^'\\s]{1,64}'|[^\\s"']{1,64}))`,
);
const OPTION_WORD = /-u|--user/g;

/** User name and password in a URL, without the `@` behind them; those of `curl -u`. */
export const urlCredentials: Detector = {
  name: 'urlCredentials',
  type: 'URL_CREDENTIALS',
  rules: [
    patternRule({
      classes: AT,
      pattern: PATTERN,
      unfinished: unfinishedMatch(UNFINISHED, LONGEST),
      locate: locateUserInfo,
    }),
    patternRule({ classes: COLON, ...OPTION, first: behindWord(OPTION_WORD), locate: locateOption }),
  ],
};

/** A reference to a variable is how a password should be written. */
function locateUserInfo(match: RegExpExecArray): ReturnType<Locate> {
  const userInfo = match[0].slice(0, -1);
  const password = userInfo.slice(userInfo.indexOf(':') + 1);
  const isReference = /^(?:\$|%[A-Z_]+%$|\*+$|x+$)/i.test(password);
  return isReference ? undefined : { start: match.index, end: match.index + userInfo.length };
}

/** Two numbers are the user and the group of a container, two words stand for what is meant. */
function locateOption(match: RegExpExecArray): ReturnType<Locate> {
  const [written] = match;
  const isReference = /[%<[]|\$[A-Z{(]|\*{3}/.test(written);
  const isRandom = written.split(':').some((part) => /[A-Za-z]/.test(part) && /[0-9]|[a-z][A-Z]|[!#&+=?~]/.test(part));
  return isReference || !isRandom ? undefined : { start: match.index, end: match.index + written.length };
}
