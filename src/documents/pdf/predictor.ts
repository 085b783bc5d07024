import { DocumentRefused } from '../refusal.ts';
import type { PdfObject } from './objects.ts';

const TIFF = 2;
const FIRST_PNG = 10;

/** Undoes the prediction that was made before compressing (ISO 32000-2, 7.4.4.4). */
export function undoPredictor(bytes: Uint8Array, parameters: ReadonlyMap<string, PdfObject>): Uint8Array {
  const predictor = integerOf(parameters.get('Predictor'), 1);
  if (predictor === 1) return bytes;
  const colors = integerOf(parameters.get('Colors'), 1);
  const bits = integerOf(parameters.get('BitsPerComponent'), 8);
  const columns = integerOf(parameters.get('Columns'), 1);
  const pixel = Math.max(1, (colors * bits) >> 3);
  const row = Math.ceil((colors * bits * columns) / 8);
  // Text and tables of objects are predicted in whole bytes; other depths are those of pictures.
  if (row < 1 || row > bytes.length + 1 || bits !== 8) throw new DocumentRefused('damaged');
  if (predictor === TIFF) return undoTiff(bytes, row, pixel);
  if (predictor < FIRST_PNG) throw new DocumentRefused('damaged');
  return undoPng(bytes, row, pixel);
}

function integerOf(object: PdfObject | undefined, otherwise: number): number {
  if (object === undefined || object === null) return otherwise;
  if (typeof object !== 'number' || !Number.isInteger(object) || object < 0 || object > 1e6) {
    throw new DocumentRefused('damaged');
  }
  return object;
}

function undoTiff(bytes: Uint8Array, row: number, pixel: number): Uint8Array {
  const output = Uint8Array.from(bytes);
  for (let at = 0; at < output.length; at += 1) {
    if (at % row >= pixel) output[at] = (output[at] ?? 0) + (output[at - pixel] ?? 0);
  }
  return output;
}

/** Each row begins with the kind of its prediction (PNG specification, 9). */
function undoPng(bytes: Uint8Array, row: number, pixel: number): Uint8Array {
  const rows = Math.ceil(bytes.length / (row + 1));
  const output = new Uint8Array(Math.max(0, bytes.length - rows));
  for (let index = 0; index < rows; index += 1) {
    const from = index * (row + 1);
    const kind = bytes[from] ?? 0;
    const start = index * row;
    const length = Math.min(row, bytes.length - from - 1);
    for (let at = 0; at < length; at += 1) {
      const left = at < pixel ? 0 : (output[start + at - pixel] ?? 0);
      const up = index === 0 ? 0 : (output[start + at - row] ?? 0);
      const corner = at < pixel || index === 0 ? 0 : (output[start + at - row - pixel] ?? 0);
      output[start + at] = (bytes[from + 1 + at] ?? 0) + predict(kind, { left, up, corner });
    }
  }
  return output;
}

interface Neighbours {
  readonly left: number;
  readonly up: number;
  readonly corner: number;
}

function predict(kind: number, { left, up, corner }: Neighbours): number {
  switch (kind) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const [toLeft, toUp, toCorner] = [
        Math.abs(up - corner),
        Math.abs(left - corner),
        Math.abs(left + up - 2 * corner),
      ];
      if (toLeft <= toUp && toLeft <= toCorner) return left;
      return toUp <= toCorner ? up : corner;
    }
    default:
      throw new DocumentRefused('damaged');
  }
}
