export { createDocumentReader, type DocumentReader, type DocumentReaderOptions } from './document-reader.ts';
export { htmlTexts } from './html-texts.ts';
export type { DocumentFile } from './read-document.ts';
export type { DocumentReading } from './reading.ts';
