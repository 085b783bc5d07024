import type { ErrorCode } from 'yaml';

/** What to say of each fault of the YAML parser. Its own messages repeat the text, which may be a secret. */
export const yamlFaults: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'aliases are not accepted',
  BAD_ALIAS: 'aliases are not accepted',
  BAD_COLLECTION_TYPE: 'tags are not accepted',
  BAD_DIRECTIVE: 'directives are not accepted',
  BAD_DQ_ESCAPE: 'a double-quoted text holds a broken escape',
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  BAD_PROP_ORDER: 'anchors and tags are not accepted',
  BAD_SCALAR_START: 'a text that begins with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a key and its value begin on a line that is a value already; quotes or a line break is missing',
  BLOCK_IN_FLOW: 'a block cannot stand inside of brackets',
  DUPLICATE_KEY: 'the same key stands here twice',
  IMPOSSIBLE: 'not valid YAML',
  KEY_OVER_1024_CHARS: 'a key is too long',
  MISSING_CHAR: 'a colon, comma, dash, quote or bracket is missing',
  MULTILINE_IMPLICIT_KEY: 'a key spans lines; a colon or quote is missing',
  MULTIPLE_ANCHORS: 'anchors are not accepted',
  MULTIPLE_DOCS: 'the file holds a second document',
  MULTIPLE_TAGS: 'tags are not accepted',
  NON_STRING_KEY: 'a key must be a plain text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'tabs cannot indent',
  TAG_RESOLVE_FAILED: 'tags are not accepted',
  UNEXPECTED_TOKEN: 'not valid YAML here',
};
