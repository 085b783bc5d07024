import { boundedPattern } from './bounded-pattern.ts';
import { AT } from './character-class.ts';
import { ASSIGNED, cue } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

/** `@jane_doe`, but not `jane@example.com`, `@scope/package`, `@decorator()`, nor a tag of a comment: `* @since`. */
const HANDLE = boundedPattern(
  '(?<![A-Za-z0-9._%+/@}-]|[*{] ?)@[A-Za-z][A-Za-z0-9_]{2,29}(?![A-Za-z0-9_(/@-]|\\.[A-Za-z0-9])',
);
/** What an at sign begins in style sheets, comments and programs. */
const CODE = new Set(
  (
    '@media @import @charset @include @mixin @extend @keyframes @supports @param @params @return @returns @throws ' +
    '@example @type @types @typedef @see @todo @author @since @deprecated @private @public @protected @override ' +
    '@property @class @classmethod @staticmethod @abstractmethod @dataclass @interface @implementation @end @selector ' +
    '@test @before @after @autowired @component @service @entity @column @inject @injectable @input @output @apply ' +
    '@tailwind @layer @use @forward @font @page @global @transactional @default @internal @experimental @here @channel @everyone @all @user'
  ).split(' '),
);
/** What a sentence goes on with behind `username is`. */
const WORDS = new Set(
  'the a an this that your his her their our my not required used and for has already case unique null none undefined empty string'.split(
    ' ',
  ),
);

const VALUE = '([A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9_])?)(?![A-Za-z0-9@(])';

/** Names of accounts: handles behind an at sign, and what stands behind a word for one and a colon or `is`. */
export const username: Detector = {
  name: 'username',
  type: 'USERNAME',
  rules: [
    patternRule({
      classes: AT,
      ...HANDLE,
      locate: ({ 0: handle, index }) =>
        CODE.has(handle.toLowerCase()) ? undefined : { start: index, end: index + handle.length },
    }),
  ],
  cues: [
    cue({
      words:
        'user ?(?:name|id)|log ?in(?: (?:name|id))?|(?:screen|account) name|nick ?name|handle|' +
        'benutzer(?:name)?|nutzername|utilisateur|identifiant|usuario',
      link: ASSIGNED,
      value: VALUE,
      isValue: isUserName,
    }),
    cue({
      words: 'log(?:ged|s|ging)? ?in(?:to [a-z]{1,16})? as|signed in as',
      link: ' ["\'`]?',
      value: VALUE,
      isValue: isUserName,
    }),
  ],
};

function isUserName(value: string): boolean {
  return value.length > 2 && !WORDS.has(value.toLowerCase());
}
