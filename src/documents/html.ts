import type { DocumentReading } from '../core/index.ts';
import type { Budget } from './budget.ts';
import { htmlTexts } from './html-texts.ts';
import { DocumentRefused } from './refusal.ts';

/** Reads an HTML document in UTF-8, a byte order mark before it or not. Throws `DocumentRefused`. */
export function readHtml(bytes: Uint8Array, budget: Budget): DocumentReading {
  const pieces = htmlTexts(decode(bytes));
  for (const { length } of pieces) budget.write(length);
  return { pieces, hasUninspected: false };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DocumentRefused('damaged', cause);
  }
}
