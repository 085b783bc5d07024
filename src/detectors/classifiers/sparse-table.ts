import { inflateRawSync } from 'node:zlib';
import { SPACE } from './features.ts';

/** Numbers for some of the places that n-grams are hashed to. */
export interface SparseTable {
  /** Of each place the number of its row, from 1 on; 0 where it has none. */
  readonly rowOf: Uint16Array;
  /** The bytes of row 1, of row 2, and so on, each `columns` long. */
  readonly cells: Uint8Array;
}

export interface PackedTable {
  readonly rows: number;
  readonly columns: number;
  /**
   * Base64 of raw DEFLATE: of each row the distance of its place to that of the row before, in seven bits to a byte,
   * the lowest first; then, column by column, a byte for each row.
   */
  readonly packed: string;
}

/** Unpacks what training wrote. Throws a `RangeError` where it is not as long as it says. */
export function unpackTable({ rows, columns, packed }: PackedTable): SparseTable {
  const bytes = inflateRawSync(Buffer.from(packed, 'base64'));
  const rowOf = new Uint16Array(SPACE);
  let at = 0;
  let place = 0;
  for (let row = 1; row <= rows; row += 1) {
    let distance = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      distance |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    place += distance;
    rowOf[place] = row;
  }
  if (bytes.length !== at + rows * columns) throw new RangeError('a table of n-grams is not as long as it says');
  const cells = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      cells[row * columns + column] = bytes[at + column * rows + row] ?? 0;
    }
  }
  return { rowOf, cells };
}
