export type { Detector } from './detector.ts';
export { detectors } from './detectors.ts';
export { profanityDetector } from './profanity.ts';
export { createRegexDetector, createRegexDetectors, type NamedRegex } from './regex.ts';
export { RegexError } from './regex-program.ts';
export { scanPart, scanPartInSteps } from './scan-part.ts';
export { createRunScanner, type FoundIn, scanRun } from './scan-run.ts';
export { createStreamScanner, type Scan, type StreamScanner } from './scanner.ts';
export { createWordDetectors, type Word } from './word-list.ts';
