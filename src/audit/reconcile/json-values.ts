import { StringDecoder } from 'node:string_decoder';

/** A value that was cut out of a file, not parsed; undefined where what stands in its place is none, or is too long. */
export type CutValue = string | undefined;

/**
 * Cuts a file into its JSON values, as its bytes come: one on each line, or the objects of one array. Of a value longer
 * than `maxLength` characters nothing is kept; what follows it is read.
 */
export async function* cutValues(chunks: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<CutValue> {
  const decoder = new StringDecoder('utf8');
  let cutter: Cutter | undefined;
  for await (const chunk of chunks) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const begun = cutter === undefined ? text.replace(/^[\s\ufeff]+/, '') : text;
    if (begun === '') continue;
    cutter ??= begun.startsWith('[') ? createArrayCutter(maxLength) : createLineCutter(maxLength);
    yield* cutter.take(begun);
  }
  yield* cutter?.end() ?? [];
}

interface Cutter {
  take(text: string): Iterable<CutValue>;
  end(): Iterable<CutValue>;
}

/** What there is of a value; past its bound nothing is, and it is known to be too long. */
interface Kept {
  add(text: string): void;
  /** The value, undefined where it was too long. What comes next begins empty. */
  give(): CutValue;
}

function createKept(maxLength: number): Kept {
  let pieces: string[] = [];
  let length = 0;
  return {
    add(text) {
      length += text.length;
      if (length <= maxLength) pieces.push(text);
    },
    give() {
      const value = length > maxLength ? undefined : pieces.join('');
      pieces = [];
      length = 0;
      return value;
    },
  };
}

function createLineCutter(maxLength: number): Cutter {
  const kept = createKept(maxLength);

  function* give(): Iterable<CutValue> {
    const line = kept.give();
    if (line === undefined || line.trim() !== '') yield line;
  }

  return {
    *take(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        kept.add(text.slice(from, at));
        from = at + 1;
        yield* give();
      }
      kept.add(text.slice(from));
    },
    end: give,
  };
}

const OPENING = /[[{]/;
/** What can change where a scan is: nothing else has to be looked at. */
const MARK = /["\\[\]{}]/g;
const STRAY = /[^\s,]/;

/** Cuts the objects out of an array. What stands between them and is none counts as one value that is none. */
function createArrayCutter(maxLength: number): Cutter {
  const kept = createKept(maxLength);
  let depth = 0;
  let isInString = false;
  /** Where a backslash was the last character of a piece. */
  let isEscaped = false;

  /** Whether what stands between two values has been told of as one that is none. */
  let isStrayTold = false;

  /** What stands before an object, between two, or behind the last: blanks and commas, or what does not belong there. */
  function* between(text: string): Iterable<CutValue> {
    if (isStrayTold || !STRAY.test(text)) return;
    isStrayTold = true;
    yield undefined;
  }

  function* mark(char: string): Iterable<CutValue> {
    const isInside = depth > 1;
    if (char === '"') isInString = !isInString;
    else if (!isInString) depth += OPENING.test(char) ? 1 : -1;
    if (isInside || depth > 1) kept.add(char);
    if (isInside && depth === 1) {
      isStrayTold = false;
      yield kept.give();
    }
  }

  return {
    *take(text) {
      let from = isEscaped ? 1 : 0;
      if (depth > 1) kept.add(text.slice(0, from));
      isEscaped = false;
      MARK.lastIndex = from;
      for (let found = MARK.exec(text); found !== null; found = MARK.exec(text)) {
        const [char] = found;
        const before = text.slice(from, found.index);
        if (depth > 1) kept.add(before);
        else yield* between(before);
        from = found.index + 1;
        if (char === '\\') {
          if (depth > 1) kept.add(text.slice(found.index, found.index + 2));
          from += 1;
          isEscaped = from > text.length;
        } else yield* mark(char);
        MARK.lastIndex = from;
      }
      if (depth > 1) kept.add(text.slice(from));
      else yield* between(text.slice(from));
    },
    *end() {
      // It broke off, or more was closed than was opened.
      if (depth !== 0) yield undefined;
    },
  };
}
