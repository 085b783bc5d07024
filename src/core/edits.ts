/** A place where a rewrite put `length` units in the place of what stood from `start` to `end` in the original text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** A rewritten place: in the original text, and in the text between two rewrites, with what the second adds to it. */
interface Change extends Pick<Edit, 'start' | 'end'> {
  readonly from: number;
  readonly to: number;
  readonly grown: number;
}

/** One rewrite behind the other as one: edits of the first text that make the last one of it. */
export function composeEdits(first: readonly Edit[], second: readonly Edit[]): readonly Edit[] {
  const [starts, ends] = [createCursor(), createCursor()];
  const changes: Change[] = second.map(({ start, end, length }) => ({
    start: originalStart(first, start, starts),
    end: originalEnd(first, end, ends),
    from: start,
    to: end,
    grown: length - (end - start),
  }));
  let shift = 0;
  for (const { start, end, length } of first) {
    changes.push({ start, end, from: start + shift, to: start + shift + length, grown: 0 });
    shift += length - (end - start);
  }
  changes.sort((one, other) => one.from - other.from || one.start - other.start || one.to - other.to);
  return joinTouching(changes).map(({ start, end, from, to, grown }) => ({ start, end, length: to - from + grown }));
}

function joinTouching(changes: readonly Change[]): readonly Change[] {
  const joined: Change[] = [];
  for (const change of changes) {
    const last = joined.at(-1);
    if (last === undefined || change.from > last.to) joined.push(change);
    else {
      joined[joined.length - 1] = {
        start: Math.min(last.start, change.start),
        end: Math.max(last.end, change.end),
        from: last.from,
        to: Math.max(last.to, change.to),
        grown: last.grown + change.grown,
      };
    }
  }
  return joined;
}

/** Where what begins at `offset` of the original begins in the rewritten text; within an edit, where that begins. */
export function rewrittenStart(edits: readonly Edit[], offset: number): number {
  return originalStart(undone(edits), offset);
}

/** Where what ends at `offset` of the original ends in the rewritten text; within an edit, where that ends. */
export function rewrittenEnd(edits: readonly Edit[], offset: number): number {
  return originalEnd(undone(edits), offset);
}

/** The edits of the rewritten text that make the original of it again. */
function undone(edits: readonly Edit[]): readonly Edit[] {
  let shift = 0;
  return edits.map(({ start, end, length }) => {
    const from = start + shift;
    shift += length - (end - start);
    return { start: from, end: from + length, length: end - start };
  });
}

/** The first edit that is not wholly in front of an offset, for offsets that ascend. */
interface Cursor {
  at: number;
  /** Units by which the edits before have lengthened the text. */
  shift: number;
}

function createCursor(): Cursor {
  return { at: 0, shift: 0 };
}

function pass(cursor: Cursor, { start, end, length }: Edit): void {
  cursor.at += 1;
  cursor.shift += length - (end - start);
}

/** Where what begins at `offset` of the rewritten text began in the original; within an edit, where that begins. */
export function originalStart(edits: readonly Edit[], offset: number, cursor = createCursor()): number {
  for (let edit = edits[cursor.at]; edit !== undefined; edit = edits[cursor.at]) {
    const from = edit.start + cursor.shift;
    if (offset < from || (offset === from && edit.length > 0)) break;
    if (offset < from + edit.length) return edit.start;
    pass(cursor, edit);
  }
  return offset - cursor.shift;
}

/** Where what ends at `offset` of the rewritten text ended in the original; within an edit, where that ends. */
export function originalEnd(edits: readonly Edit[], offset: number, cursor = createCursor()): number {
  for (let edit = edits[cursor.at]; edit !== undefined; edit = edits[cursor.at]) {
    const from = edit.start + cursor.shift;
    if (offset <= from) break;
    if (offset < from + edit.length) return edit.end;
    pass(cursor, edit);
  }
  return offset - cursor.shift;
}
