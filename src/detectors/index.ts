export type { Detector } from './detector.ts';
export { detectors } from './detectors.ts';
export { scanPart, scanPartInSteps } from './scan-part.ts';
export { createRunScanner, type FoundIn, scanRun } from './scan-run.ts';
export { createStreamScanner, type Scan, type StreamScanner } from './scanner.ts';
