import { getDocument, VerbosityLevel } from 'unpdf/pdfjs';
import type { DocumentReading } from '../../core/index.ts';
import type { Budget } from '../budget.ts';
import { createHiddenText } from '../found-text.ts';
import { DocumentRefused } from '../refusal.ts';
import { readPdfFile } from './file.ts';
import { inspectObjects, readContentProperties } from './inspect.ts';
import { joinRuns, type PageText } from './page-text.ts';
import { latin1 } from './parser.ts';
import { rebuildPages } from './rebuild.ts';

/** The text of a PDF file (ISO 32000-2): each page, then what is drawn elsewhere, then every string in it. */
export async function readPdf(bytes: Uint8Array, budget: Budget): Promise<DocumentReading> {
  const hidden = createHiddenText(budget);
  const file = readPdfFile(bytes, budget);
  const { pageCount, read, contents, hasUnmapped, ...rebuilt } = rebuildPages(file, budget);
  const hasUnread = inspectObjects(file, read, { budget, hidden });
  for (const comment of file.comments) hidden.add(comment);
  for (const content of contents) readContentProperties(content, hidden);
  const texts = await withoutLoss(() => readPages(rebuilt.bytes, budget));
  const pages = texts.slice(0, pageCount).map(({ text }) => text);
  const shown = pages.join('\n');
  for (const { text } of texts.slice(pageCount)) if (!shown.includes(text)) hidden.add(text);
  for (const { reordered } of texts) for (const line of reordered) hidden.add(line);
  const pieces = [...pages, hidden.toText()].filter((piece) => piece !== '');
  return { pieces, hasUninspected: hasUnread || hasUnmapped || file.hasRemains || hasInlinePicture(contents) };
}

/** Pictures within the drawing of a page (ISO 32000-2, 8.9.7). Where text only looks like one, nothing is lost. */
function hasInlinePicture(contents: readonly Uint8Array[]): boolean {
  return contents.some((content) => /(?:^|[\0\s>\])])BI\s*[/%]/.test(latin1(content)));
}

/** What the library says where it goes on without some of the text: no character for a font, an operator left out. */
const LOST =
  /Font "|loadFont|ensureStateFont|readToUnicode|extractDataStructures|getTextContent|getContentStream|Indexing|Invalid cMap|Skipping|Unterminated|Unknown command|Invalid stream|Filter "|Type3 font|getHexString|Not enough parameters|pages tree|first page/i;

/** Runs with the console's warnings, the one place where the library tells of text it lost, looked at instead of written. */
async function withoutLoss<T>(run: () => Promise<T>): Promise<T> {
  const { warn } = console;
  let isLost = false;
  console.warn = (message: unknown) => {
    isLost ||= LOST.test(String(message));
  };
  try {
    const result = await run();
    if (isLost) throw new DocumentRefused('damaged');
    return result;
  } finally {
    console.warn = warn;
  }
}

async function readPages(bytes: Uint8Array, budget: Budget): Promise<readonly PageText[]> {
  const task = getDocument({
    data: bytes,
    // Nothing is fetched and nothing evaluated; what cannot be read ends the reading.
    verbosity: VerbosityLevel.WARNINGS,
    stopAtErrors: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    disableFontFace: true,
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    enableXfa: false,
  });
  try {
    const document = await task.promise;
    const pages: PageText[] = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      page.cleanup();
      const joined = joinRuns(items.filter((item) => 'str' in item));
      budget.write(joined.text.length);
      pages.push(joined);
    }
    return pages;
  } catch (cause) {
    throw cause instanceof DocumentRefused ? cause : new DocumentRefused('damaged', cause);
  } finally {
    await task.destroy();
  }
}
