/**
 * What each unit of a JSON text is, a letter each: `o` stands outside of strings, `n` in the name of a member, `v` in
 * another string; an escape in a string is a `b`, then `e` for each unit but the last, which is a `z`, or an `s` where
 * the escape has two units.
 */
export type PlacesOf = (text: string) => string;

/** Told for the units of one JSON text that comes in pieces. Text that is no JSON stands outside wherever it must. */
export function createJsonPlaces(): PlacesOf {
  /** For each object and array that is open, whether it is an object. */
  const open: boolean[] = [];
  let isNameNext = false;
  let inside: 'n' | 'v' | undefined;
  /** Units that the escape still has; undefined where its letter has not come. */
  let escaped: number | undefined = 0;

  function outside(unit: string): string {
    switch (unit) {
      case '"':
        inside = isNameNext ? 'n' : 'v';
        break;
      case '{':
      case '[':
        open.push(unit === '{');
        isNameNext = unit === '{';
        break;
      case '}':
      case ']':
        open.pop();
        isNameNext = false;
        break;
      case ',':
        isNameNext = open.at(-1) === true;
        break;
      case ':':
        isNameNext = false;
        break;
      default:
    }
    return 'o';
  }

  function within(unit: string, string: 'n' | 'v'): string {
    if (escaped === undefined) {
      escaped = unit === 'u' ? HEX_DIGITS : 0;
      return escaped === 0 ? 's' : 'e';
    }
    if (escaped > 0) {
      escaped -= 1;
      return escaped === 0 ? 'z' : 'e';
    }
    if (unit === '\\') {
      escaped = undefined;
      return 'b';
    }
    if (unit !== '"') return string;
    inside = undefined;
    return 'o';
  }

  return (text) => {
    let places = '';
    for (const unit of text.split('')) places += inside === undefined ? outside(unit) : within(unit, inside);
    return places;
  };
}

const HEX_DIGITS = 4;

/** What a place means for a tag that is to stand there. */
export interface Place {
  /** Where the tag may begin: behind an escape of two units whose letter was taken for the first of the value. */
  readonly start: number;
  /** Whether the JSON stays JSON: the tag stands within one string, and no escape is cut in two. */
  readonly isFit: boolean;
  readonly isName: boolean;
}

/** Judges the units from `start` to `end`. */
export function placeOf(places: string, start: number, end: number): Place {
  const from = places[start] === 's' ? start + 1 : start;
  const covered = places.slice(from, end);
  return { start: from, isFit: WHOLE.test(covered), isName: covered.includes('n') };
}

const WHOLE = /^(?:[nv]|b(?:s|e{4}z))+$/;
