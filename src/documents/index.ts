export { createDocumentReader, type DocumentReaderOptions } from './document-reader.ts';
export { htmlTexts } from './html-texts.ts';
