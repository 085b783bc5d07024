import type { DocumentFile, DocumentReading } from '../core/index.ts';
import { createBudget, type ReadingLimits } from './budget.ts';
import { readHtml } from './html.ts';
import { readDocx } from './ooxml/docx.ts';
import { readXlsx } from './ooxml/xlsx.ts';
import { readPdf } from './pdf/pdf.ts';
import { DocumentRefused } from './refusal.ts';

/** Reads a document where it is called; `createDocumentReader` does so in a worker. Throws `DocumentRefused`. */
export async function readDocument({ format, bytes }: DocumentFile, limits: ReadingLimits): Promise<DocumentReading> {
  const budget = createBudget(limits);
  const { pieces, hasUninspected } = await readFormat({ format, bytes }, budget);
  return { pieces: pieces.map((piece) => piece.toWellFormed()), hasUninspected };
}

async function readFormat({ format, bytes }: DocumentFile, budget: ReturnType<typeof createBudget>) {
  switch (format) {
    case 'pdf':
      return readPdf(bytes, budget);
    case 'docx':
      return readDocx(bytes, budget);
    case 'xlsx':
      return readXlsx(bytes, budget);
    case 'html':
      return readHtml(bytes, budget);
    case 'doc':
    case 'xls':
      throw new DocumentRefused('binaryFormat');
    default:
      return format satisfies never;
  }
}
