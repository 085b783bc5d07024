import type { DocumentReading } from '../../core/index.ts';
import type { Budget } from '../budget.ts';
import { createHiddenText } from '../found-text.ts';
import { htmlTexts } from '../html-texts.ts';
import { DocumentRefused } from '../refusal.ts';
import { openPackage, type PackagePart } from './package.ts';
import { readTexts, type TextsOptions } from './texts.ts';

const MAIN = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

/** The order in which a reader comes upon them: the text, what stands around it, what was said about it. */
const ORDER = ['document.main', 'header', 'footer', 'footnotes', 'endnotes', 'comments'];
const LOOK = /(?:styles|stylesWithEffects|theme|fontTable|numbering|webSettings|tableStyles|themeOverride)\+xml$/i;

/** The text of a Word document (ECMA-376 part 1, WordprocessingML), every part of it. */
export function readDocx(bytes: Uint8Array, budget: Budget): DocumentReading {
  const hidden = createHiddenText(budget);
  const { parts, hasPictures } = openPackage(bytes, { mainType: MAIN, budget, hidden });
  const pieces = [...parts].sort((a, b) => rankOf(a) - rankOf(b)).map((part) => readPart(part, { budget, hidden }));
  return { pieces: [...pieces, hidden.toText()].filter((piece) => piece !== ''), hasUninspected: hasPictures };
}

function rankOf({ contentType }: PackagePart): number {
  const rank = ORDER.findIndex((name) => contentType.includes(`.${name}`));
  return rank < 0 ? ORDER.length : rank;
}

/** What a reader shows of a part; the rest of it goes to the hidden text. */
export function readPart(part: PackagePart, options: TextsOptions): string {
  const isLook = LOOK.test(part.contentType);
  if (!part.contentType.endsWith('vmldrawing')) return readTexts(part.read(), { ...options, isLook });
  try {
    return readTexts(part.read(), options);
  } catch (error) {
    if (!(error instanceof DocumentRefused) || error.refusal !== 'damaged') throw error;
    // Excel writes VML with `<br>` left open, as in the HTML it was meant for.
    for (const text of htmlTexts(new TextDecoder().decode(part.read()))) options.hidden.add(text);
    return '';
  }
}
