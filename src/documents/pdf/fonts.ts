import type { Budget } from '../budget.ts';
import { DocumentRefused } from '../refusal.ts';
import type { PdfFile } from './file.ts';
import { decodeStream } from './filters.ts';
import { entriesOf, isKind, nameOf, type PdfObject } from './objects.ts';
import { latin1 } from './parser.ts';
import { type PdfWriter, printObject, without } from './writer.ts';

export interface FontCopier {
  /** What stands for a font in the new file. The font and all that belongs to it is put there once. */
  refer(font: PdfObject): string;
  /** Whether a font was met whose glyphs have no characters. */
  readonly hasUnmapped: boolean;
}

interface CopyOptions {
  readonly writer: PdfWriter;
  readonly budget: Budget;
  readonly read: Set<PdfObject>;
}

/** Character maps that need no table beyond the file (ISO 32000-2, 9.7.5.2). */
const IDENTITY = /^Identity-[HV]$/;
const FONT_FILES = ['FontFile', 'FontFile2', 'FontFile3'];
/** Of Type 3 fonts the drawings and what they draw with, which are read elsewhere; of all, what text has no use for. */
const LEFT_OUT = new Set(['CharProcs', 'Resources', 'Metadata', 'PieceInfo', 'Length', 'Filter', 'DecodeParms']);

/** Copies fonts into a new file, their streams without filters. */
export function copyFonts(file: PdfFile, { writer, budget, read }: CopyOptions): FontCopier {
  const numbers = new Map<PdfObject, number>();
  let hasUnmapped = false;

  const put = (object: PdfObject): string => {
    const known = numbers.get(object);
    if (known !== undefined) return `${known} 0 R`;
    const number = writer.reserve();
    numbers.set(object, number);
    const isStream = isKind(object, 'stream');
    if (!isStream && !isKind(object, 'dictionary')) {
      writer.put(number, printObject(object, refer));
      return `${number} 0 R`;
    }
    checkMap(object);
    const data = isStream ? decodeStream(object, file.resolve, budget) : undefined;
    if (data !== undefined) {
      read.add(object);
      checkNamedMap(data, object.entries);
    }
    const kept = printObject(without(object.entries, LEFT_OUT), refer);
    const isDrawn = nameOf(object.entries.get('Subtype')) === 'Type3';
    const length = data === undefined ? '' : ` /Length ${data.length}`;
    const drawings = isDrawn ? ' /CharProcs << >>' : '';
    writer.put(number, `${kept.slice(0, -2)}${length}${drawings} >>`, data);
    return `${number} 0 R`;
  };
  const refer = (number: number): string => {
    const object = file.resolve({ kind: 'reference', number });
    return object === null ? 'null' : put(object);
  };

  /** A composite font says by its character map which characters its codes stand for; others may do so in their own. */
  const checkMap = ({ entries }: { readonly entries: ReadonlyMap<string, PdfObject> }) => {
    const subtype = nameOf(file.resolve(entries.get('Subtype')));
    const hasCharacters = file.resolve(entries.get('ToUnicode')) !== null;
    const map = nameOf(file.resolve(entries.get('Encoding')));
    const descriptor = entriesOf(file.resolve(entries.get('FontDescriptor')));
    const isOwnCode = map === undefined && !isKind(file.resolve(entries.get('Encoding')), 'dictionary');
    const isEmbedded = FONT_FILES.some((key) => descriptor.has(key));
    const isSimple = subtype === 'Type1' || subtype === 'TrueType' || subtype === 'MMType1';
    if (subtype === 'Type3' || (isSimple && isEmbedded && isOwnCode)) hasUnmapped ||= !hasCharacters;
    if (subtype !== 'Type0') return;
    if (map !== undefined && !IDENTITY.test(map)) throw new DocumentRefused('unmapped');
    if (!hasCharacters) hasUnmapped = true;
  };
  return {
    refer: (font) => {
      const object = file.resolve(font);
      return entriesOf(object).size === 0 ? 'null' : put(object);
    },
    get hasUnmapped() {
      return hasUnmapped;
    },
  };
}

/** A map may build on another by its name, which is in no file. */
function checkNamedMap(data: Uint8Array, entries: ReadonlyMap<string, PdfObject>): void {
  const type = nameOf(entries.get('Type'));
  if (type !== undefined && type !== 'CMap') return;
  const [, used] = /\/([^\s/]+)\s+usecmap/.exec(latin1(data)) ?? [];
  for (const name of [used, nameOf(entries.get('UseCMap'))]) {
    if (name !== undefined && !/^(?:Identity-[HV]|Adobe-Identity-UCS)$/.test(name))
      throw new DocumentRefused('unmapped');
  }
}
