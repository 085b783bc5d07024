import { readJsonString } from '../core/index.ts';

/** A string, a member's name or a whole number of a JSON text, decoded. */
export interface JsonScalar {
  readonly kind: 'name' | 'value';
  readonly text: string;
  /** Whether it is the value of the member whose name came last, or in the array that is. */
  readonly isNamed: boolean;
  /** Where the unit at `index` of `text`, or its end, stands in the JSON text. */
  rawOffset(index: number): number;
}

const TOKEN = /["[\]{},:]|-?[0-9][0-9.eE+-]*/g;
/** Fewer digits hold nothing that any detector finds; a fraction of zeros changes no number. */
const WHOLE_NUMBER = /^-?([0-9]{7,})(?:\.0+)?$/;
const BRACKET = /[\]{}:]/;
const COLON = /\s*:/y;

/** The scalars of a JSON text in the order they stand in it. Throws `invalidRequest` where a string is malformed. */
export function* readJsonScalars(json: string): Generator<JsonScalar> {
  let isNamed = false;
  let isInArray = false;
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(json);
    if (token === null) return;
    const start = token.index;
    at = start + token[0].length;
    if (token[0] === '"') {
      const { text, end, offsets } = readJsonString(json, start);
      at = end;
      COLON.lastIndex = end;
      const isName = COLON.test(json);
      const rawOffset = (index: number) => offsets?.[index] ?? start + 1 + index;
      yield { kind: isName ? 'name' : 'value', text, isNamed: isNamed && !isName, rawOffset };
      isNamed = isName || (isNamed && isInArray);
      if (isName) at = COLON.lastIndex;
    } else if (token[0] === '[') {
      isInArray = isNamed;
    } else if (token[0] === ',') {
      isNamed &&= isInArray;
    } else if (BRACKET.test(token[0])) {
      isNamed = false;
      isInArray = false;
    } else {
      const [, digits] = WHOLE_NUMBER.exec(token[0]) ?? [];
      const from = start + token[0].indexOf(digits ?? '');
      if (digits !== undefined) yield { kind: 'value', text: digits, isNamed, rawOffset: (index) => from + index };
      isNamed &&= isInArray;
    }
  }
}
