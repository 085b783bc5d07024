import { isKind, type PdfObject } from './objects.ts';

/** Writes a PDF file of a single revision, its streams uncompressed. */
export interface PdfWriter {
  /** A number for an object that is put later. */
  reserve(): number;
  put(number: number, object: string, data?: Uint8Array): void;
  finish(root: number): Uint8Array;
}

export function createPdfWriter(): PdfWriter {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n', 'latin1')];
  const offsets: number[] = [];
  let size = chunks[0]?.length ?? 0;
  const write = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
  };
  return {
    reserve() {
      offsets.push(0);
      return offsets.length;
    },
    put(number, object, data) {
      offsets[number - 1] = size;
      write(Buffer.from(`${number} 0 obj\n${object}\n`, 'latin1'));
      if (data !== undefined) {
        write(Buffer.from('stream\n', 'latin1'));
        write(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
        write(Buffer.from('\nendstream\n', 'latin1'));
      }
      write(Buffer.from('endobj\n', 'latin1'));
    },
    finish(root) {
      const start = size;
      const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 ${offset > 0 ? 'n' : 'f'}\r\n`);
      write(
        Buffer.from(
          `xref\n0 ${offsets.length + 1}\n0000000000 65535 f\r\n${table.join('')}trailer\n` +
            `<< /Size ${offsets.length + 1} /Root ${root} 0 R >>\nstartxref\n${start}\n%%EOF\n`,
          'latin1',
        ),
      );
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    },
  };
}

/** An object in PDF's syntax, in Latin-1; `refer` writes what stands in the place of a reference. */
export function printObject(object: PdfObject, refer: (number: number) => string): string {
  if (object === null || typeof object === 'boolean') return String(object);
  if (typeof object === 'number') return printNumber(object);
  switch (object.kind) {
    case 'name':
      return printName(object.name);
    case 'string':
      return `<${Buffer.from(object.bytes).toString('hex')}>`;
    case 'reference':
      return refer(object.number);
    case 'array':
      return `[${object.items.map((item) => printObject(item, refer)).join(' ')}]`;
    case 'dictionary':
    case 'stream':
      return printEntries(object.entries, refer);
    default:
      return object satisfies never;
  }
}

function printEntries(entries: ReadonlyMap<string, PdfObject>, refer: (number: number) => string): string {
  const pairs = [...entries].map(([key, value]) => `${printName(key)} ${printObject(value, refer)}`);
  return `<< ${pairs.join(' ')} >>`;
}

export function printName(name: string): string {
  return `/${name.replace(/[^A-Za-z0-9_.+-]/g, (mark) => `#${mark.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
}

/** PDF has no exponents. */
function printNumber(number: number): string {
  return Number.isInteger(number) && Math.abs(number) < 1e15 ? String(number) : number.toFixed(10);
}

/** Entries without those of the keys given. */
export function without(entries: ReadonlyMap<string, PdfObject>, keys: ReadonlySet<string>): PdfObject {
  return { kind: 'dictionary', entries: new Map([...entries].filter(([key]) => !keys.has(key))) };
}

/** Whether an object is a dictionary of the given `Type`. */
export function isOfType(object: PdfObject, type: string): boolean {
  if (!isKind(object, 'dictionary')) return false;
  const found = object.entries.get('Type');
  return isKind(found, 'name') && found.name === type;
}
