/** The objects of a PDF file (ISO 32000-2, 7.3). */
export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | PdfArray
  | PdfDictionary
  | PdfStream;

/** Its bytes as Latin-1 characters, `#xx` resolved. */
export interface PdfName {
  readonly kind: 'name';
  readonly name: string;
}

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}

export interface PdfReference {
  readonly kind: 'reference';
  readonly number: number;
}

export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfObject[];
}

export interface PdfDictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfObject>;
}

export interface PdfStream {
  readonly kind: 'stream';
  readonly entries: ReadonlyMap<string, PdfObject>;
  /** As they lie in the file. */
  readonly bytes: Uint8Array;
}

/** Where an object stands for another, the other. */
export type Resolve = (object: PdfObject | undefined) => PdfObject;

export function isKind<Kind extends Exclude<PdfObject, null | boolean | number>['kind']>(
  object: PdfObject | undefined,
  kind: Kind,
): object is Extract<PdfObject, { readonly kind: Kind }> {
  return typeof object === 'object' && object !== null && object.kind === kind;
}

/** The name that an object is; `undefined` of any other. */
export function nameOf(object: PdfObject | undefined): string | undefined {
  return isKind(object, 'name') ? object.name : undefined;
}

/** The entries of a dictionary or a stream; none of any other object. */
export function entriesOf(object: PdfObject | undefined): ReadonlyMap<string, PdfObject> {
  return isKind(object, 'dictionary') || isKind(object, 'stream') ? object.entries : NONE;
}

const NONE: ReadonlyMap<string, PdfObject> = new Map();
