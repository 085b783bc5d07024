/** Why a document is not read, in words for the caller. None of them says anything of its content. */
export const refusals = {
  binaryFormat: 'a document is in a binary format (doc, xls) that cannot be read; send docx or xlsx',
  crashed: 'a document could not be read',
  damaged: 'a document is damaged, or not in the format it is said to be in',
  embedded: 'a document holds other files or embedded objects',
  encrypted: 'a document is encrypted',
  expands: 'a document expands to more than is read here',
  external: 'a document draws on content from elsewhere',
  form: 'a document holds an XFA form, which cannot be read',
  macros: 'a document holds macros',
  memory: 'reading a document took too much memory',
  script: 'a document holds scripts, or actions that run or send something',
  time: 'reading a document took too long',
  tooMuchText: 'a document holds more text than is read here',
  unmapped: 'a document is written in a character map that cannot be read',
} as const;

export type Refusal = keyof typeof refusals;

/** Ends the reading of a document. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause?: unknown) {
    super(refusals[refusal], { cause });
    this.refusal = refusal;
  }
}
