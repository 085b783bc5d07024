import { AT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

const USER = '[^\\s/?#:@"\'<>`{}]{0,64}';
const PASSWORD = '[^\\s/?#"\'<>`{}]{1,128}';
/** The user information of a URL (RFC 3986, section 3.2.1). A password may hold an `@` that was left as it is. */
const PATTERN = new RegExp(`(?<=[a-z0-9]:\\/\\/)${USER}:${PASSWORD}@`, 'gi');
const UNFINISHED = /(?<=[a-z0-9]:\/\/)[^\s/?#"'<>`{}]{0,194}$/gi;
const LONGEST = 194;

/** User name and password in a URL, without the `@` behind them. */
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
  ],
};

/** A reference to a variable is how a password should be written. */
function locateUserInfo(match: RegExpExecArray): ReturnType<Locate> {
  const userInfo = match[0].slice(0, -1);
  const password = userInfo.slice(userInfo.indexOf(':') + 1);
  const isReference = /^(?:\$|%[A-Z_]+%$|\*+$|x+$)/i.test(password);
  return isReference ? undefined : { start: match.index, end: match.index + userInfo.length };
}
