import type { Budget } from '../budget.ts';
import type { HiddenText } from '../found-text.ts';
import { DocumentRefused } from '../refusal.ts';
import { isPath } from '../typed-value.ts';
import { type Attributes, attributeOf, visitXml, type XmlVisitor } from '../xml.ts';
import { readZip, type ZipEntry } from '../zip.ts';
import { kindOf, refusedRelationship } from './part-kind.ts';

/** A part of an Office Open XML package that is text. */
export interface PackagePart {
  /** With a leading slash. */
  readonly name: string;
  /** Lower case. */
  readonly contentType: string;
  read(): Uint8Array;
}

/** An Office Open XML document, taken apart; nothing in it is active, embedded or elsewhere. */
export interface OfficePackage {
  /** The parts in XML, in the order of the archive. */
  readonly parts: readonly PackagePart[];
  readonly hasPictures: boolean;
  /** Where the relationships of a part lead, by their ids; names of parts, as far as they lie in the package. */
  targetsOf(part: string): ReadonlyMap<string, string>;
}

export interface PackageOptions {
  /** Content type of the part that makes the document what it is said to be. */
  readonly mainType: string;
  readonly budget: Budget;
  readonly hidden: HiddenText;
}

const CONTENT_TYPES = '[Content_Types].xml';
/** Compound File Binary: an encrypted document, or one of the formats of old under a new name (MS-CFB, MS-OFFCRYPTO). */
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0];

/** Opens a package (ECMA-376 part 2). Refuses what is embedded, active or kept elsewhere, and any part of no known kind. */
export function openPackage(bytes: Uint8Array, options: PackageOptions): OfficePackage {
  if (COMPOUND_FILE.every((byte, index) => bytes[index] === byte)) throw new DocumentRefused('encrypted');
  const { budget, hidden, mainType } = options;
  const entries = readZip(bytes, budget).filter(({ name }) => !name.endsWith('/'));
  const typesOf = readContentTypes(entries, hidden);
  const parts: PackagePart[] = [];
  const targets = new Map<string, ReadonlyMap<string, string>>();
  let hasPictures = false;
  for (const entry of entries) {
    if (entry.name === CONTENT_TYPES) continue;
    if (!isPath(entry.name)) hidden.add(entry.name);
    const contentType = typesOf(entry.name);
    switch (kindOf(contentType)) {
      case 'relationships':
        targets.set(`/${entry.name}`, readRelationships(entry, hidden));
        break;
      case 'xml':
        parts.push({ name: `/${entry.name}`, contentType, read: () => entry.read() });
        break;
      case 'opaque':
        hasPictures = true;
        break;
      case 'font':
        break;
      case 'active':
        throw new DocumentRefused('macros');
      case 'external':
        throw new DocumentRefused('external');
      case 'embedded':
        throw new DocumentRefused('embedded');
    }
  }
  if (!parts.some(({ contentType }) => contentType === mainType)) throw new DocumentRefused('damaged');
  const targetsOf = (part: string) => targets.get(part.replace(/([^/]*)$/, '_rels/$1.rels')) ?? new Map();
  return { parts, hasPictures, targetsOf };
}

/** What each part is, by `[Content_Types].xml`. A part that it does not name has no place in a package. */
function readContentTypes(entries: readonly ZipEntry[], hidden: HiddenText): (name: string) => string {
  const entry = entries.find(({ name }) => name === CONTENT_TYPES);
  if (entry === undefined) throw new DocumentRefused('damaged');
  const byName = new Map<string, string>();
  const byExtension = new Map<string, string>();
  visitAttributes(entry.read(), hidden, (element, attributes) => {
    const type = attributeOf(attributes, 'ContentType')?.toLowerCase();
    if (type === undefined) return;
    if (element === 'Override') byName.set((attributeOf(attributes, 'PartName') ?? '').toLowerCase(), type);
    if (element === 'Default') byExtension.set((attributeOf(attributes, 'Extension') ?? '').toLowerCase(), type);
  });
  return (name) => {
    const key = name.toLowerCase();
    const type = byName.get(`/${key}`) ?? byExtension.get(key.slice(key.lastIndexOf('.') + 1));
    if (type === undefined) throw new DocumentRefused('embedded');
    return type;
  };
}

/** Targets of links are text; whatever else lies outside the file is refused. */
function readRelationships(entry: ZipEntry, hidden: HiddenText): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  const folder = `/${entry.name}`.replace(/_rels\/[^/]*$/, '');
  visitAttributes(entry.read(), hidden, (element, attributes) => {
    if (element !== 'Relationship') return;
    const isExternal = attributeOf(attributes, 'TargetMode')?.toLowerCase() === 'external';
    const refusal = refusedRelationship(attributeOf(attributes, 'Type') ?? '', isExternal);
    if (refusal !== undefined) throw new DocumentRefused(refusal);
    const target = attributeOf(attributes, 'Target') ?? '';
    if (isExternal) hidden.add(target);
    else targets.set(attributeOf(attributes, 'Id') ?? '', target.startsWith('/') ? target : folder + target);
  });
  return targets;
}

type OpenTag = (element: string, attributes: Attributes) => void;

function visitAttributes(bytes: Uint8Array, hidden: HiddenText, open: OpenTag): void {
  const visitor: XmlVisitor = {
    open(element, attributes) {
      for (const name in attributes) {
        const value = attributes[name] ?? '';
        if (!isPath(value)) hidden.addValue(value);
      }
      open(element, attributes);
    },
    close: () => undefined,
    text: (text) => hidden.add(text),
    aside: (text) => hidden.add(text),
  };
  visitXml(bytes, visitor);
}
