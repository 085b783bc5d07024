import { type Budget, MOST_ENTRIES } from '../budget.ts';
import { DocumentRefused } from '../refusal.ts';
import { createDrawsCheck } from './draws.ts';
import { catalogueOf, type PdfFile } from './file.ts';
import { decodeStream } from './filters.ts';
import { copyFonts, type FontCopier } from './fonts.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream } from './objects.ts';
import { latin1 } from './parser.ts';
import { withPlainLetters } from './plain-letters.ts';
import { createPdfWriter, isOfType, type PdfWriter, printName, printObject } from './writer.ts';

/** A file that has nothing but the pages' text in it. */
export interface Rebuilt {
  readonly bytes: Uint8Array;
  /** Pages that a reader shows; behind them in the file stands what is drawn elsewhere, such as on annotations. */
  readonly pageCount: number;
  /** The streams that went into it. */
  readonly read: ReadonlySet<PdfObject>;
  /** What the streams draw with, undone from their filters. */
  readonly contents: readonly Uint8Array[];
  /** Whether there are glyphs that no character is given for. */
  readonly hasUnmapped: boolean;
}

interface Page {
  readonly contents: readonly PdfStream[];
  readonly resources: PdfObject;
}

/** Wide enough for text beside the page, which readers do not show and others read all the same. */
const BOX = `[-${'9'.repeat(30)} -${'9'.repeat(30)} ${'9'.repeat(30)} ${'9'.repeat(30)}]`;
/** Operators that show text, draw something else that may, or carry properties. */
const DRAWS_TEXT = /T[jJ]|['"]|Do|BDC|DP/;
const DEEPEST_PAGE_TREE = 64;

/**
 * Writes a file anew from the objects that text is drawn with: each page, then, as a page of its own, every other stream
 * that draws text (appearances of annotations, patterns, pages outside the page tree).
 *
 * The library that takes out the text then reads what was looked at here and nothing else: no pictures, actions or
 * properties, nothing compressed, and nothing to mend that it might mend in a way of its own.
 */
export function rebuildPages(file: PdfFile, budget: Budget): Rebuilt {
  const writer = createPdfWriter();
  const root = writer.reserve();
  const tree = writer.reserve();
  const read = new Set<PdfObject>();
  const fonts = copyFonts(file, { writer, budget, read });
  const content = createContents({ file, budget, writer, fonts, read });
  const { pages, nodes } = collectPages(file);
  const orphans = file.stored.filter(({ object }) => isOfType(object, 'Page') && !nodes.has(object));
  const shown = pages.map((page) => content.putPage(page, tree));
  const others = orphans.map(({ object }) => content.putPage(toPage(file, entriesOf(object), null), tree));
  others.push(...content.putOthers(tree));
  const kids = [...shown, ...others];
  writer.put(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  const list = kids.map((number) => `${number} 0 R`).join(' ');
  writer.put(tree, `<< /Type /Pages /Count ${kids.length} /Kids [${list}] >>`);
  return {
    bytes: writer.finish(root),
    pageCount: shown.length,
    read,
    contents: content.decoded,
    hasUnmapped: fonts.hasUnmapped,
  };
}

interface PageTree {
  readonly pages: readonly Page[];
  readonly nodes: ReadonlySet<PdfObject>;
}

/** All leaves of the page tree, whatever its counts say. */
function collectPages(file: PdfFile): PageTree {
  const pages: Page[] = [];
  const nodes = new Set<PdfObject>();
  const walk = (object: PdfObject, inherited: PdfObject, depth: number) => {
    const node = file.resolve(object);
    if (!isKind(node, 'dictionary') || nodes.has(node) || depth > DEEPEST_PAGE_TREE)
      throw new DocumentRefused('damaged');
    nodes.add(node);
    const resources = file.resolve(node.entries.get('Resources') ?? inherited);
    const kids = file.resolve(node.entries.get('Kids'));
    if (!isKind(kids, 'array')) pages.push(toPage(file, node.entries, resources));
    else for (const kid of kids.items) walk(kid, resources, depth + 1);
    if (pages.length > MOST_ENTRIES) throw new DocumentRefused('expands');
  };
  walk(catalogueOf(file).get('Pages') ?? null, null, 0);
  return { pages, nodes };
}

function toPage(file: PdfFile, entries: ReadonlyMap<string, PdfObject>, inherited: PdfObject): Page {
  const found = file.resolve(entries.get('Contents'));
  const items = isKind(found, 'array') ? found.items.map(file.resolve) : [found];
  if (items.some((item) => item !== null && !isKind(item, 'stream'))) throw new DocumentRefused('damaged');
  return {
    contents: items.filter((item) => isKind(item, 'stream')),
    resources: file.resolve(entries.get('Resources') ?? inherited),
  };
}

interface ContentOptions {
  readonly file: PdfFile;
  readonly budget: Budget;
  readonly writer: PdfWriter;
  readonly fonts: FontCopier;
  readonly read: Set<PdfObject>;
}

/** Puts pages, forms and the resources they draw with, each once. */
function createContents({ file, budget, writer, fonts, read }: ContentOptions) {
  const { resolve } = file;
  const decoded: Uint8Array[] = [];
  const contents = new Map<PdfObject, Uint8Array>();
  const resourceNumbers = new Map<PdfObject, number>();
  const formNumbers = new Map<PdfObject, number>();
  /** The resources of where a form is drawn, for a form that has none of its own. */
  const surroundings = new Map<PdfObject, PdfObject>();
  const pending: (() => void)[] = [];

  const contentOf = (stream: PdfStream): Uint8Array => {
    const known = contents.get(stream);
    if (known !== undefined) return known;
    const content = withPlainLetters(decodeStream(stream, resolve, budget));
    contents.set(stream, content);
    decoded.push(content);
    read.add(stream);
    return content;
  };

  const checkDraws = createDrawsCheck({ resolve, contentOf });

  const formNumber = (form: PdfStream, around: PdfObject): number => {
    const known = formNumbers.get(form);
    if (known !== undefined) return known;
    const number = writer.reserve();
    formNumbers.set(form, number);
    surroundings.set(form, around);
    pending.push(() => {
      const matrix = printObject(resolveItems(form.entries.get('Matrix')), refuseReference);
      const own = resolve(form.entries.get('Resources'));
      const resources = own === null ? '' : ` /Resources ${resourcesNumber(own)} 0 R`;
      const content = contentOf(form);
      const shape = `/Type /XObject /Subtype /Form /BBox [0 0 1 1]`;
      writer.put(
        number,
        `<< ${shape}${matrix === 'null' ? '' : ` /Matrix ${matrix}`}${resources} /Length ${content.length} >>`,
        content,
      );
    });
    return number;
  };

  const resolveItems = (object: PdfObject | undefined): PdfObject => {
    const found = resolve(object);
    return isKind(found, 'array') ? { kind: 'array', items: found.items.map(resolve) } : found;
  };

  const resourcesNumber = (resources: PdfObject): number => {
    const known = resourceNumbers.get(resources);
    if (known !== undefined) return known;
    const number = writer.reserve();
    resourceNumbers.set(resources, number);
    pending.push(() => {
      const entries = entriesOf(resources);
      const list = (key: string, print: (object: PdfObject) => string) =>
        `/${key} << ${[...entriesOf(resolve(entries.get(key)))].map(([name, value]) => `${printName(name)} ${print(value)}`).join(' ')} >>`;
      writer.put(
        number,
        `<< ${list('Font', fonts.refer)} ${list('ExtGState', printState)} ${list('XObject', (object) => printXObject(object, resources))} >>`,
      );
    });
    return number;
  };

  /** Of a graphics state only the font has to do with text. */
  const printState = (object: PdfObject): string => {
    const font = resolve(entriesOf(resolve(object)).get('Font'));
    if (!isKind(font, 'array')) return '<< >>';
    const [reference = null, size = null] = font.items;
    const shown = printObject(resolve(size) || 1, refuseReference);
    return `<< /Font [${fonts.refer(reference)} ${shown}] >>`;
  };

  let emptyForm: number | undefined;
  /** A picture stands as a form that draws nothing. */
  const printXObject = (object: PdfObject, around: PdfObject): string => {
    const found = resolve(object);
    const isForm = isKind(found, 'stream') && nameOf(resolve(found.entries.get('Subtype'))) === 'Form';
    if (isForm) return `${formNumber(found, around)} 0 R`;
    if (emptyForm === undefined) {
      emptyForm = writer.reserve();
      writer.put(emptyForm, '<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>', new Uint8Array());
    }
    return `${emptyForm} 0 R`;
  };

  const contentNumbers = new Map<PdfObject, number>();
  /** A stream that many pages share is put once: each of them would take as much memory again. */
  const contentNumber = (stream: PdfStream): number => {
    const known = contentNumbers.get(stream);
    if (known !== undefined) return known;
    const number = writer.reserve();
    contentNumbers.set(stream, number);
    // Between two streams of a page there is white space (ISO 32000-2, 7.8.2), which the library does not put there.
    const content = Buffer.concat([contentOf(stream), Buffer.from('\n')]);
    writer.put(number, `<< /Length ${content.length} >>`, content);
    return number;
  };

  const putPage = ({ contents: streams, resources }: Page, parent: number): number => {
    const page = writer.reserve();
    const content = streams.map((stream) => `${contentNumber(stream)} 0 R`).join(' ');
    for (const stream of streams) checkDraws({ content: contentOf(stream), resources });
    const own = resources === null ? '<< >>' : `${resourcesNumber(resources)} 0 R`;
    writer.put(
      page,
      `<< /Type /Page /Parent ${parent} 0 R /MediaBox ${BOX} /Resources ${own} /Contents [${content}] >>`,
    );
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) next();
    return page;
  };

  return {
    decoded,
    putPage,
    /** Forms, patterns and glyphs that draw text: where they are drawn, if at all, need not be on a page. */
    putOthers(parent: number): readonly number[] {
      const numbers: number[] = [];
      const put = (stream: PdfStream, around: PdfObject) => {
        if (!DRAWS_TEXT.test(latin1(contentOf(stream)))) return;
        const own = resolve(stream.entries.get('Resources'));
        numbers.push(putPage({ contents: [stream], resources: own ?? around }, parent));
      };
      for (const { object } of file.stored) {
        if (isKind(object, 'stream')) {
          const isForm = nameOf(resolve(object.entries.get('Subtype'))) === 'Form';
          const isTile = resolve(object.entries.get('PatternType')) === 1;
          if (isForm || isTile) put(object, surroundings.get(object) ?? null);
        } else if (nameOf(entriesOf(object).get('Subtype')) === 'Type3') {
          const font = entriesOf(object);
          for (const glyph of entriesOf(resolve(font.get('CharProcs'))).values()) {
            const stream = resolve(glyph);
            if (isKind(stream, 'stream')) put(stream, resolve(font.get('Resources')));
          }
        }
      }
      return numbers;
    },
  };
}

function refuseReference(): string {
  throw new DocumentRefused('damaged');
}
